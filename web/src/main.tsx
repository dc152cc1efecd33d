import { render } from "preact";
import { App } from "./app.tsx";

const root = document.getElementById("app");
if (root !== null && window.top !== window.self) {
  // A page around it could cover its buttons. A policy in the document itself cannot forbid that.
  root.textContent = "Coldamp does not run inside another page. Open it by its own address.";
} else if (root !== null) {
  // Removes the content for the time before this script was loaded.
  root.replaceChildren();
  render(<App />, root);
}
