import { readPage, takePage } from '../../lambdas/page.ts';
import { InvalidRequestError } from '../../lifecycle/inference/parse-request.ts';

const items = ['e', 'd', 'c', 'b', 'a'];
const take = (query: Readonly<Record<string, string | undefined>>) => takePage(items, item => item, readPage(query));

test('a list comes in pages, each beginning after the last item of the one before', () => {
  expect(take({ limit: '2' })).toEqual({ items: ['e', 'd'], next: 'd' });
  expect(take({ limit: '2', after: 'd' })).toEqual({ items: ['c', 'b'], next: 'b' });
  expect(take({ limit: '2', after: 'b' })).toEqual({ items: ['a'], next: null });
  expect(take({ after: 'a' })).toEqual({ items: [], next: null });
  expect(take({})).toEqual({ items, next: null });
  expect(take({ limit: '5' })).toEqual({ items, next: null });
});

test.each([{ limit: '0' }, { limit: '201' }, { limit: '1.5' }, { limit: 'all' }, { limit: '' }, { after: 'z' }])(
  '%j is refused',
  query => {
    expect(() => take(query)).toThrow(InvalidRequestError);
  },
);
