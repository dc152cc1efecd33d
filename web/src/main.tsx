import { render } from "preact";
import { App } from "./app.tsx";

const root = document.getElementById("app");
if (root !== null) {
  // What stood there was for the time before this script was loaded.
  root.replaceChildren();
  render(<App />, root);
}
