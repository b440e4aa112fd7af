import { sparkline, table } from '../../cli/text.ts';

test('table() aligns its columns, numbers to the right', () => {
  const rows = [
    ['one', 1, 'x'],
    ['eleven', 11, null],
  ];
  expect(table(['name', 'count', 'remark'], rows)).toBe(
    ['name    count  remark', 'one         1  x', 'eleven     11  –'].join('\n'),
  );
});

test('table() keeps a text of several lines in its row', () => {
  expect(table(['why'], [['refused, see there\na.csv is empty\nb.csv is empty']])).toBe(
    'why\nrefused, see there; a.csv is empty; b.csv is empty',
  );
});

test('sparkline() draws a bar for each value, also where all are alike', () => {
  expect(sparkline([0.9, 0.5, 0.2, 0.2])).toBe('█▄▁▁');
  expect(sparkline([3, 3])).toBe('▁▁');
});
