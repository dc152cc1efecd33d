import { useId, useState } from "preact/hooks";
import type { Failure } from "../failure.ts";
import { Refusal } from "./refusal.tsx";
import { Scanner } from "./scanner.tsx";

/** What came in. */
export interface Taken {
  readonly bytes: Uint8Array;
  /** The file's name; empty for what was pasted or scanned. */
  readonly name: string;
}

/** Larger files are none of ours: the largest, a treasury's transactions, have a tenth. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Takes a file: chosen, dropped, pasted or, where it may be, scanned. */
export function Intake(props: {
  readonly label: string;
  readonly hint: string;
  readonly accept: string;
  /** The button that opens the camera, where a QR code can bring it. */
  readonly scan?: string;
  /** False where pasting makes no sense. */
  readonly paste?: boolean;
  readonly busy?: boolean;
  readonly failure: Failure | null;
  readonly onTaken: (taken: Taken) => void;
}) {
  const id = useId();
  const [over, setOver] = useState(false);
  const [unread, setUnread] = useState<Failure | null>(null);
  const [scanning, setScanning] = useState(false);
  const failure = unread ?? props.failure;

  async function take(file: File | undefined) {
    if (file === undefined) return;
    setUnread(null);
    if (file.size > MOST_BYTES) {
      setUnread({ code: "TOO_LARGE", message: `${file.name} has ${file.size} bytes`, hint: "choose another file" });
      return;
    }
    try {
      props.onTaken({ bytes: new Uint8Array(await file.arrayBuffer()), name: file.name });
    } catch {
      setUnread({ code: "UNREADABLE", message: `${file.name} cannot be read`, hint: "copy it to this computer first" });
    }
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer?.files[0]);
  }

  return (
    <div
      class={over ? "intake over" : "intake"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label for={id}>{props.label}</label>
      <input
        id={id}
        type="file"
        accept={props.accept}
        disabled={props.busy}
        aria-describedby={failure ? `${id}-hint ${id}-wrong` : `${id}-hint`}
        aria-invalid={failure ? true : undefined}
        onChange={(event) => {
          const input = event.currentTarget;
          void take(input.files?.[0]);
          // The same file chosen again, corrected, is a change as well.
          input.value = "";
        }}
      />
      <p class="hint" id={`${id}-hint`}>
        {props.hint} A file can be dropped here as well.
      </p>
      {props.scan && !scanning && (
        <button type="button" class="quiet" onClick={() => setScanning(true)}>
          {props.scan}
        </button>
      )}
      {scanning && (
        <Scanner
          onClose={() => setScanning(false)}
          onScanned={(bytes) => {
            setScanning(false);
            setUnread(null);
            props.onTaken({ bytes, name: "" });
          }}
        />
      )}
      {props.paste !== false && <Paste onText={(text) => {
        setUnread(null);
        props.onTaken({ bytes: new TextEncoder().encode(text), name: "" });
      }} />}
      {failure && <Refusal id={`${id}-wrong`} failure={failure} />}
    </div>
  );
}

function Paste(props: { readonly onText: (text: string) => void }) {
  const id = useId();
  const [text, setText] = useState("");
  return (
    <details>
      <summary>Paste it instead</summary>
      <div class="field">
        <label for={id}>Pasted text</label>
        <textarea
          id={id}
          rows={4}
          spellcheck={false}
          autocomplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <button type="button" class="quiet" disabled={text.trim() === ""} onClick={() => props.onText(text)}>
        Use the pasted text
      </button>
    </details>
  );
}
