/**
 * Escapes control, direction and zero-width characters in text that comes from outside. A file name or an answer of AMP
 * could otherwise reorder or hide the words around it. Line breaks stay: the page shows them as spaces, or in a `pre`.
 */
export function visible(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\p{Cs}/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
