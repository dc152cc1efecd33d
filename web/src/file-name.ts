/** A file name without what a file system, a shell or a person could misread. */
export function fileName(name: string, ending: string): string {
  const stem = name.replace(/(\.request)?\.json$/i, "").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+/, "");
  return `${stem === "" ? "coldamp" : stem.slice(0, 80)}${ending}`;
}
