import { grouped } from "../amounts.ts";
import { visible } from "../visible.ts";
import type { FileInfo } from "./reader.ts";

/** A file in words: "job.pset (12 345 bytes)". */
export function named({ name, size }: FileInfo): string {
  const bytes = `${grouped(String(size)).join("\u202f")} bytes`;
  return name === "" ? `pasted or scanned text (${bytes})` : `${visible(name)} (${bytes})`;
}
