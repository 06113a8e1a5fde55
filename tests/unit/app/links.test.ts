import { expect, test } from 'vitest';
import { isOpenedOutside } from '../../../app/api/links.ts';

test.each([
  'https://arxiv.org/abs/2504.10465',
  'https://huggingface.co/models?search=pixel-sail',
  'https://github.com/',
])('%s is opened outside', (link) => expect(isOpenedOutside(link)).toBe(true));

test.each([
  'http://github.com/',
  'https://github.com.evil.example/',
  'https://evil.example/?https://github.com/',
  'https://github.com@evil.example/',
  'https://someone:secret@github.com/',
  'https://github.com:8443/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'models/training',
  '',
])('%s is not', (link) => expect(isOpenedOutside(link)).toBe(false));
