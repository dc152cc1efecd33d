import { render } from "preact";
import { App } from "./app.tsx";

const root = document.getElementById("app");
if (root !== null && window.top !== window.self) {
  // Inside another page its buttons could be covered by others; no policy in the document itself can forbid the frame.
  root.textContent = "Coldamp does not run inside another page: open it by its own address.";
} else if (root !== null) {
  // What stood there was for the time before this script was loaded.
  root.replaceChildren();
  render(<App />, root);
}
