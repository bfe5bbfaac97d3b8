/** The longest prefix that both texts share. */
export function commonPrefix(one: string, other: string): string {
  const longest = Math.min(one.length, other.length);
  let length = 0;
  while (length < longest && one[length] === other[length]) length += 1;
  return one.slice(0, length);
}
