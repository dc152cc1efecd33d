import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type NamedFile, useDesk } from "../desk.ts";
import { exposedInFile, exposure } from "../exposed.ts";
import { type Failure, failed } from "../failure.ts";
import { named } from "./file-info.ts";
import { Reader, type Reading, type Uses } from "./reader.ts";
import { Refusal } from "./refusal.tsx";
import { Scanner } from "./scanner.tsx";

/** A limit against files chosen by mistake. The largest files that are needed, a treasury's transactions, have a tenth of it. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The state of a field that takes a file. */
export interface Inlet<T> {
  readonly label: string;
  readonly state: Reading<T>;
  /** While this is true, nothing that uses the file may start. */
  readonly reading: boolean;
  readonly reader: Reader<T>;
}

/** The state of such a field. A file that contains signing keys is refused at once and not passed on. */
export function useInlet<T>(label: string, uses: Uses<T>): Inlet<T> {
  const { act } = useDesk();
  const [state, setState] = useState<Reading<T>>({ at: "nothing" });
  const newest = useRef(uses);
  newest.current = uses;
  const [reader] = useState(() => {
    const guarded = (): Uses<T> => ({
      ...newest.current,
      read: (taken) => {
        const found = exposedInFile(taken.bytes);
        if (found === null) return newest.current.read(taken);
        taken.bytes.fill(0);
        const failure = exposure(found, label);
        act({ did: "exposed", failure });
        return Promise.reject(failure);
      },
    });
    return new Reader<T>(guarded, setState);
  });
  // When the form is closed, a file that is still being read is dropped.
  useEffect(() => () => reader.clear(), []);
  return { label, state, reading: state.at === "reading", reader };
}

/** A field for a file: chosen, dropped, pasted or scanned. */
export function Intake<T>(props: {
  readonly inlet: Inlet<T>;
  readonly hint: string;
  readonly accept: string;
  /** The label of the button that opens the camera, if the file can come as QR codes. */
  readonly scan?: string;
  /** False if the text cannot be pasted. */
  readonly paste?: boolean;
  /** Restores the exact file from pasted text, if every byte of it counts. */
  readonly ofPasted?: (text: string) => string;
  readonly busy?: boolean;
  /** Whether several files can be chosen at once. They are read one after the other, up to the first that cannot be read. */
  readonly several?: boolean;
  /** A failure that was found after the file was read. */
  readonly failure?: Failure | null;
  /** The files that are in use. If left out, the file that was read last is named. */
  readonly has?: ComponentChildren;
}) {
  const { label, state, reader } = props.inlet;
  const id = useId();
  const [over, setOver] = useState(false);
  const [scanning, setScanning] = useState(false);
  const failure = state.at === "failed" ? aboutFile(state) : (props.failure ?? null);

  async function take(files: readonly File[]) {
    if (props.busy) return;
    for (const file of props.several ? files : files.slice(0, 1)) {
      if (!(await reader.take({ name: file.name, size: file.size }, bytesOf(file)))) return;
    }
  }

  function takeBytes(bytes: Uint8Array) {
    void reader.take({ name: "", size: bytes.length }, Promise.resolve(bytes));
  }

  function takeText(text: string) {
    takeBytes(new TextEncoder().encode(props.ofPasted?.(text) ?? text));
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void take([...(event.dataTransfer?.files ?? [])]);
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
      <label for={id}>{label}</label>
      <input
        id={id}
        type="file"
        multiple={props.several ?? false}
        accept={props.accept}
        disabled={props.busy}
        aria-describedby={failure ? `${id}-hint ${id}-wrong` : `${id}-hint`}
        aria-invalid={failure ? true : undefined}
        onChange={(event) => {
          const input = event.currentTarget;
          void take([...(input.files ?? [])]);
          // The same file chosen again, corrected, is a change as well.
          input.value = "";
        }}
      />
      <p class="hint" id={`${id}-hint`}>
        {props.hint} You can also drop the file here.
      </p>
      <div class="taken" role="status">
        {state.at === "reading" && <p>Reading {named(state.of)}…</p>}
        {state.at !== "reading" && (props.has ?? (state.at === "read" && <p>Read: {named(state.of)}.</p>))}
      </div>
      {props.scan && !scanning && (
        <button type="button" class="quiet" disabled={props.busy} onClick={() => setScanning(true)}>
          {props.scan}
        </button>
      )}
      {scanning && (
        <Scanner
          onClose={() => setScanning(false)}
          onScanned={(bytes) => {
            setScanning(false);
            takeBytes(bytes);
          }}
        />
      )}
      {props.paste !== false && (
        <Paste disabled={props.busy ?? false} onText={takeText} />
      )}
      {failure && <Refusal id={`${id}-wrong`} failure={failure} />}
    </div>
  );
}

/** The files that will be used. Each can be left out again. */
export function Held(props: { readonly files: readonly NamedFile[]; readonly onLeave: (file: NamedFile) => void }) {
  return (
    <>
      {props.files.map((file, index) => (
        <p key={index}>
          Read: {file.words}.{" "}
          <button type="button" class="quiet" onClick={() => props.onLeave(file)}>
            Leave it out
          </button>
        </p>
      ))}
    </>
  );
}

/** A failure with the name of its file. Pasted text has no name. */
function aboutFile<T>({ of, failure }: Extract<Reading<T>, { at: "failed" }>): Failure {
  return of.name === "" ? failure : { ...failure, message: `${of.name}: ${failure.message}` };
}

async function bytesOf(file: File): Promise<Uint8Array> {
  if (file.size > MOST_BYTES) {
    throw failed("TOO_LARGE", `the file has ${file.size} bytes; the limit is ${MOST_BYTES}`);
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw failed("UNREADABLE", "the browser cannot read the file");
  }
}

function Paste(props: { readonly disabled: boolean; readonly onText: (text: string) => void }) {
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
          disabled={props.disabled}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <button type="button" class="quiet" disabled={props.disabled || text.trim() === ""} onClick={() => props.onText(text)}>
        Use the pasted text
      </button>
    </details>
  );
}
