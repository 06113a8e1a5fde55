import { isChinese, wordsIn } from '../../authoring/words.ts';

/** Attributes that a description of a region may lack. */
export const attributeKinds = ['colour', 'material', 'shape', 'position', 'action'] as const;
export type AttributeKind = (typeof attributeKinds)[number];

/**
 * Fewer or more words say too little of a region, or stray from it. Chinese has about as many
 * words as characters.
 */
export const descriptionWords = { least: 8, most: 90 };

export type DescriptionHint =
  | { readonly kind: 'too-short'; readonly words: number; readonly least: number }
  | { readonly kind: 'too-long'; readonly words: number; readonly most: number }
  | { readonly kind: 'few-attributes'; readonly missing: readonly AttributeKind[] }
  | { readonly kind: 'repeats'; readonly words: string };

/** Hints for improving a description; none for an empty one. */
export function descriptionHints(text: string): DescriptionHint[] {
  const words = wordsIn(text);
  if (words.length === 0) return [];
  const { least, most } = descriptionWords;
  const hints: DescriptionHint[] = [];
  if (words.length < least) hints.push({ kind: 'too-short', words: words.length, least });
  if (words.length > most) hints.push({ kind: 'too-long', words: words.length, most });
  const missing = missingAttributes(text);
  if (missing.length > attributeKinds.length - 2) hints.push({ kind: 'few-attributes', missing });
  const repeated = repeatedWords(words);
  if (repeated !== null) hints.push({ kind: 'repeats', words: repeated });
  return hints;
}

/** The kinds of attributes that no word of a text tells. */
export function missingAttributes(text: string): AttributeKind[] {
  const words = new Set(wordsIn(text));
  const isSaid = isChinese(text)
    ? (kind: AttributeKind) => chineseSigns[kind].test(text)
    : (kind: AttributeKind) => englishWords[kind].some((word) => words.has(word));
  return attributeKinds.filter((kind) => !isSaid(kind) && !(kind === 'action' && isActing(words)));
}

/**
 * Three words that follow each other twice, or a word that stands beside itself; null where none
 * do.
 */
export function repeatedWords(words: readonly string[]): string | null {
  const seen = new Set<string>();
  for (let at = 0; at < words.length; at++) {
    if (words[at] === words[at + 1]) return words[at]!;
    if (at + 3 > words.length) continue;
    const three = words.slice(at, at + 3).join(' ');
    if (seen.has(three)) return three;
    seen.add(three);
  }
  return null;
}

/** Most of what ends so says what somebody does. */
function isActing(words: ReadonlySet<string>): boolean {
  return [...words].some((word) => word.length > 5 && word.endsWith('ing'));
}

const split = (words: string): string[] => words.split(' ');

const englishWords: Readonly<Record<AttributeKind, readonly string[]>> = {
  colour: split(
    `red orange yellow green blue purple violet pink brown black white grey gray silver gold golden beige cream navy teal
    turquoise maroon tan dark light bright pale colourful colorful transparent`.replace(
      /\s+/g,
      ' ',
    ),
  ),
  material: split(
    `wood wooden metal metallic steel iron glass plastic leather fabric cloth cotton wool woollen silk paper cardboard
    stone brick concrete ceramic porcelain rubber fur furry feathered knitted denim wicker marble`.replace(
      /\s+/g,
      ' ',
    ),
  ),
  shape: split(
    `round circular square rectangular oval triangular long short tall small large big tiny huge wide narrow thin thick flat
    curved straight pointed curly striped spotted smooth rough`.replace(/\s+/g, ' '),
  ),
  position: split(
    `left right top bottom above below under behind front beside next near between centre center middle corner edge inside
    outside foreground background upper lower on against`.replace(/\s+/g, ' '),
  ),
  action: split(
    'stands sits lies runs walks holds looks wears rides flies parked open closed hangs leans',
  ),
};

const chineseSigns: Readonly<Record<AttributeKind, RegExp>> = {
  colour: /[红橙黄绿蓝紫粉棕褐黑白灰银金米]色?|颜色|透明|深色|浅色/u,
  material: /木|金属|钢|铁|玻璃|塑料|皮革|布|棉|羊毛|丝|纸|石|砖|混凝土|陶瓷|橡胶|毛茸茸|牛仔/u,
  shape: /圆|方|椭圆|三角|长|短|高|矮|大|小|宽|窄|薄|厚|扁|弯|直|尖|卷|条纹|斑点|光滑|粗糙/u,
  position: /左|右|上|下|前|后|旁|中间|中央|角落|边缘|里|外|之间|附近/u,
  action: /正在|着|站|坐|躺|跑|走|拿|看|穿|骑|飞|停/u,
};
