import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const withoutAny = {
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
};

export default ts.config(
  {
    ignores: [
      'node_modules/',
      '**/dist/',
      'docs/site/.vitepress/cache/',
      'release/',
      '.cache/',
      'models/training/',
      'models/catalog/',
      'tests/fixtures/',
    ],
  },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.node, ...globals.browser },
      parserOptions: {
        project: ['./tsconfig.json', './renderer/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
      ],
      // `noUncheckedIndexedAccess` makes every array[i] optional; `!` says that the index is known.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `() => close()` is how a callback is written here; its value goes nowhere.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Interfaces write functions as methods, `progress(done: number): void`, and contexts of them
      // are taken apart.
      '@typescript-eslint/unbound-method': 'off',
      // A sentence may hold a number, and what a foreign file leaves out; an object is a mistake.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      // A sentence about a foreign file shows what stands there, whatever that is.
      '@typescript-eslint/no-base-to-string': 'off',
      // `void project.id` names a value that an effect of Svelte depends on.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // `RecordId | 'new'` says which text is none of the ids.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // `[...text]` takes a text apart by characters, not by UTF-16 units.
      '@typescript-eslint/no-misused-spread': 'off',
      // Parts of Electron and Node are handed on by the types that their packages declare.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // An implementation of an asynchronous interface may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    // svelte-check reads the types of components, which this parser does not see.
    files: ['**/*.svelte'],
    rules: {
      ...withoutAny,
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
    },
  },
  {
    // Matchers such as `expect.any` and parsed JSON are `any`; a test asks what types promise.
    files: ['tests/**/*.ts'],
    rules: {
      ...withoutAny,
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-template-expression': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
  {
    // The types of @huggingface/tokenizers name files that are not in its package.
    files: ['models/families/pixel-sail/processor/tokenizer.ts'],
    rules: withoutAny,
  },
  {
    files: ['**/*.js', '**/*.cjs', '*.config.ts', 'docs/**/*.ts'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { parserOptions: { project: false, projectService: false } },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
