// A role that ends on a day lasts to the end of that day, whatever the clocks do in it.
import { expect, test } from 'vitest';
import { endOf, lastDay } from './members.ts';

test.each([
  ['2026-12-31', '2027-01-01'],
  ['2028-02-29', '2028-03-01'],
  // Clocks change in some countries on this day.
  ['2026-03-29', '2026-03-30'],
])('%s lasts until %s begins', (day, next) => {
  const until = endOf(day) ?? 0;
  const [year = 0, month = 0, date = 0] = next.split('-').map(Number);
  expect(until).toBe(new Date(year, month - 1, date).getTime());
  const shown = new Date(lastDay(until));
  const two = (value: number): string => String(value).padStart(2, '0');
  expect(`${shown.getFullYear()}-${two(shown.getMonth() + 1)}-${two(shown.getDate())}`).toBe(day);
});

test.each(['', 'morgen', '2026-1-1', '2026/12/31'])('%j is no day', (text) => {
  expect(endOf(text)).toBeUndefined();
});
