/** A number in words for people: four significant digits. */
export function figure(value: number): string {
  return Number(value.toPrecision(4)).toString();
}
