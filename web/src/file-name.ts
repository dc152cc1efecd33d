/** A file name of letters, digits, dot, underscore and hyphen: no file system, shell or person can misread it. */
export function fileName(name: string, ending: string): string {
  const stem = name.replace(/(\.request)?\.json$/i, "").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+/, "");
  return `${stem === "" ? "coldamp" : stem.slice(0, 80)}${ending}`;
}
