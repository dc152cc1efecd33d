/**
 * Finds signing keys in text that was meant to be something else: backup words, an extended private key, a single private
 * key, a keystore. The page removes such text from its field before it is kept or given to the engine
 * (docs/rules.md#exposed-keys).
 *
 * `coldamp-online` has the same rules in `cli/src/exposed.rs`; `tests/vectors/exposed.json` holds both to one table.
 */

import { type Failure, failed } from "./failure.ts";

/** What was found. */
export type Exposed = "words" | "extended key" | "private key" | "codex32" | "keystore";

/** Larger text is not searched: no file of keys is so large, and files of transactions are much larger. */
export const MOST_BYTES = 1024 * 1024;

/** Fewer words are no BIP-39 backup. */
const LEAST_WORDS = 12;

const BASE58 = "[1-9A-HJ-NP-Za-km-z]";
/** The shortest form of an extended key has 107 characters after `xprv`; a key that was cut short is exposed too. */
const EXTENDED = new RegExp(`^[xtyzYZuvUV]prv${BASE58}{60,}$`);
/**
 * Base58 of a version byte and 32 bytes, with a byte more where the public key is compressed: always of these lengths and
 * first characters, whichever the key is.
 */
const PRIVATE = new RegExp(`^(?:[59]${BASE58}{50}|[KLc]${BASE58}{51})$`);
const CODEX32 = /^(?:ms1[02-9ac-hj-np-z]{45,124}|MS1[02-9AC-HJ-NP-Z]{45,124})$/;

/** Finds keys in text. Null if there are none. */
export function exposedIn(text: string): Exposed | null {
  if (text.length > MOST_BYTES) return null;
  const begins = text.replace(/^[\ufeff \t\r\n]+/, "");
  if (begins.startsWith("age-encryption.org/v1") || begins.startsWith("-----BEGIN AGE ENCRYPTED FILE-----")) {
    return "keystore";
  }
  // `+` and `/` belong to base64, of which a PSET has millions of characters: a part of it is not a key.
  for (const word of text.split(/[^A-Za-z0-9+/]+/)) {
    if (word.split(/[+/]/).some((part) => EXTENDED.test(part))) return "extended key";
    if (PRIVATE.test(word)) return "private key";
    if (CODEX32.test(word)) return "codex32";
  }
  return holdsWords(text) ? "words" : null;
}

/** Finds keys in a file. Only text is searched. */
export function exposedInFile(bytes: Uint8Array): Exposed | null {
  return bytes.length > MOST_BYTES ? null : exposedIn(new TextDecoder().decode(bytes));
}

const MARK = "\\u0300-\\u036f\\u3099\\u309a";
const TOKEN = new RegExp(`[\\p{Alphabetic}\\p{N}${MARK}]+`, "gu");
const LETTERS = new RegExp(`^[\\p{Alphabetic}${MARK}]+$`, "u");

/**
 * Whether twelve or more words of a backup follow one another. It goes by the form of the words and not by a list, so
 * that all languages, other schemes and misspelt words are found too.
 */
function holdsWords(text: string): boolean {
  let run = 0;
  let end = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (!/^[\s,;."')|]*$/.test(text.slice(end, index))) run = 0;
    end = index + token.length;
    // The number that a word has on a sheet of paper.
    if (/^\d{1,2}$/.test(token)) continue;
    if (isChineseBackup(token)) return true;
    run = isBackupWord(token) ? run + 1 : 0;
    if (run >= LEAST_WORDS) return true;
  }
  return false;
}

/**
 * Three to eight letters in one case, or with a capital, as in every BIP-39 list of Latin letters: prose of a dozen words
 * has a shorter or a longer one among them. Other scripts write one to a dozen characters, accents counted.
 */
function isBackupWord(token: string): boolean {
  if (/^[A-Za-z]+$/.test(token)) return /^(?:[A-Za-z][a-z]{2,7}|[A-Z]{3,8})$/.test(token);
  return LETTERS.test(token) && [...token].length <= 12;
}

/** A word of the Chinese lists is one character, and people write them without blanks. */
function isChineseBackup(token: string): boolean {
  return [12, 15, 18, 21, 24].includes(token.length) && /^[\u4e00-\u9fff]+$/.test(token);
}

const NAMES: Record<Exposed, string> = {
  words: "what reads like the backup words of a wallet",
  "extended key": "an extended private key (xprv)",
  "private key": "a private key",
  codex32: "a seed in codex32",
  keystore: "a file encrypted with age, as the keystore of the air-gapped machine is",
};

/** The failure that is shown. `where` is the field's name. The text itself is not quoted. */
export function exposure(found: Exposed, where: string): Failure {
  const message = `“${where}” received ${NAMES[found]}, which must never be on this machine. It was removed at once; nothing was kept or sent`;
  const failure = failed("KEYS_EXPOSED", message);
  return found === "keystore" ? { ...failure, hint: KEYSTORE } : failure;
}

const KEYSTORE =
  "The keystore must never leave the air-gapped machine: its passphrase is now the only protection of the keys. Delete this copy. Unless the passphrase is long and nobody else knows it, make a new treasury with `coldamp key new` and send the asset, its reissuance token and all L-BTC there.";
