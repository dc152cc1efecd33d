/**
 * Finds signing keys in text that was meant to be something else: words of a backup, an extended private key, a single
 * private key, a keystore. Such text is taken out of its field before anything keeps it or sends it to the engine
 * (docs/rules.md#exposed-keys).
 *
 * `coldamp-online` has the same rules in `online-cli/src/exposed.rs`; `tests/vectors/exposed.json` holds both to one table.
 */

import { type Failure, failed } from "./failure.ts";

/** What was found. */
export type Exposed = "words" | "extended key" | "private key" | "codex32" | "keystore";

/** Larger text is not looked at: no file that holds keys is as large, and a file of transactions is much larger. */
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

/** Looks for keys in text. */
export function exposedIn(text: string): Exposed | null {
  if (text.length > MOST_BYTES) return null;
  const begins = text.replace(/^[\ufeff \t\r\n]+/, "");
  if (begins.startsWith("age-encryption.org/v1") || begins.startsWith("-----BEGIN AGE ENCRYPTED FILE-----")) {
    return "keystore";
  }
  // `+` and `/` belong to base64, of which a PSET has millions of characters: a part of it is no key of its own.
  for (const word of text.split(/[^A-Za-z0-9+/]+/)) {
    if (word.split(/[+/]/).some((part) => EXTENDED.test(part))) return "extended key";
    if (PRIVATE.test(word)) return "private key";
    if (CODEX32.test(word)) return "codex32";
  }
  return holdsWords(text) ? "words" : null;
}

/** Looks for keys in a file. Bytes that are no text hold none in a form that is known here. */
export function exposedInFile(bytes: Uint8Array): Exposed | null {
  return bytes.length > MOST_BYTES ? null : exposedIn(new TextDecoder().decode(bytes));
}

const MARK = "\\u0300-\\u036f\\u3099\\u309a";
const TOKEN = new RegExp(`[\\p{Alphabetic}\\p{N}${MARK}]+`, "gu");
const LETTERS = new RegExp(`^[\\p{Alphabetic}${MARK}]+$`, "u");

/**
 * Whether so many words follow one another as every backup has. By their form and not by a list: the words of all
 * languages and of other schemes count, and so does a backup with a word that is misspelt.
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

/** The Chinese lists have a character a word, and people write them without blanks. */
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

/** What the person is told. `where` is the field's name; nothing of the text itself is in it. */
export function exposure(found: Exposed, where: string): Failure {
  const message = `“${where}” was given ${NAMES[found]}, which must never come to this machine. It was taken out at once; nothing was kept or sent`;
  const failure = failed("KEYS_EXPOSED", message);
  return found === "keystore" ? { ...failure, hint: KEYSTORE } : failure;
}

const KEYSTORE =
  "The keystore must never leave the air-gapped machine: its passphrase is now all that protects the keys. Delete this copy. Unless the passphrase is long and nobody else knows it, make a new treasury with `coldamp key new` and send the asset, its reissuance token and all L-BTC there.";
