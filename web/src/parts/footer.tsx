import type { Desk } from "../desk.ts";

/** The requests that were sent, and the version. */
export function Footer({ desk, onCut }: { readonly desk: Desk; readonly onCut: () => void }) {
  const { asked, refused } = desk.traffic;
  const hosts = Object.entries(asked);
  return (
    <footer>
      <section aria-label="Requests">
        <h2>Requests</h2>
        {hosts.length === 0 ? (
          <p>None.</p>
        ) : (
          <ul>
            {hosts.map(([origin, { answered, unanswered }]) => (
              <li key={origin}>
                {origin}: {answered} answered{unanswered > 0 && `, ${unanswered} without an answer`}
              </li>
            ))}
          </ul>
        )}
        {refused > 0 && <p>{refused} requests were not sent: their host was not confirmed, or they were cancelled, or all requests were stopped.</p>}
        {hosts.length > 0 && (
          <button type="button" class="quiet" onClick={onCut}>
            Stop every request now
          </button>
        )}
      </section>
      <p class="build" role="status">
        {desk.health.state === "starting" && "The engine is loading…"}
        {desk.health.state === "ready" && `Coldamp ${desk.health.version}, engine ${__WASM_SHA256__}`}
        {desk.health.state === "stopped" && "The engine has stopped."}
        {desk.served && `, served by coldamp-online ${desk.served.version}`}
      </p>
    </footer>
  );
}
