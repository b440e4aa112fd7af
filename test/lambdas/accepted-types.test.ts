import { prefers } from '../../lambdas/accepted-types.ts';

test.each([
  ['text/markdown', true],
  ['text/*', true],
  ['application/json;q=0.5, text/markdown;q=0.9', true],
  ['text/markdown; charset=utf-8, */*;q=0.1', true],
  ['TEXT/MARKDOWN', true],
  ['text/markdown;q=0, text/*', false],
  ['application/json, text/markdown', false],
  ['text/markdown;q=much', false],
  ['*/*', false],
  ['text/html', false],
  ['', false],
  [undefined, false],
])('who accepts %p would rather have Markdown than JSON: %p', (accept, expected) => {
  expect(prefers(accept, 'text/markdown', 'application/json')).toBe(expected);
});
