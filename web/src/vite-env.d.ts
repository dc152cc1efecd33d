/** What Vite makes of an address that ends in ?url. */
declare module "*.wasm?url" {
  const address: string;
  export default address;
}

/** The first 16 digits of the SHA-256 of the engine's WASM, put in when the page is built. */
declare const __WASM_SHA256__: string;
