/**
 * A pattern for function names: `*` stands for any characters, `?` for one. It covers the whole
 * name and minds case, as Lambda does.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  const source = [...pattern].map(
    (character) =>
      ({ '*': '.*', '?': '.' })[character] ?? character.replace(/[^\w]/, String.raw`\$&`),
  );
  return new RegExp(`^${source.join('')}$`).test(name);
}
