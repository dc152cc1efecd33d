/**
 * Text of others' with every control and direction character, and every one without width, spelled out: a file's name or
 * AMP's words could otherwise reorder or hide the words around them. Line breaks stay; the page shows them as spaces, or
 * in a box of their own.
 */
export function visible(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\p{Cs}/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
