import { useMemo, useState } from "preact/hooks";
import type { FileType } from "../engine/qr.ts";
import { exposedInFile, exposure } from "../exposed.ts";
import type { Failure } from "../failure.ts";
import { Frames } from "./frames.tsx";
import { Intake, useInlet } from "./intake.tsx";
import { Refusal } from "./refusal.tsx";
import { save } from "./save.tsx";
import { Scanner } from "./scanner.tsx";

/** The names of files that come as QR codes. What they hold, the program that reads them says. */
const NAMES: Readonly<Record<FileType, string>> = { P: "scanned.pset", J: "scanned.json", U: "scanned.txt" };

const TYPES: Readonly<Record<FileType, string>> = { P: "text/plain", J: "application/json", U: "text/plain" };

/**
 * Between a camera and files, for a machine without a network and without another program that scans. It needs no treasury and
 * reads nothing of the files.
 */
export function Bridge() {
  return (
    <section id="bridge" class="bridge" aria-labelledby="bridge-title">
      <details>
        <summary>
          <h2 id="bridge-title">QR codes and files</h2>
        </summary>
        <p>
          Carries files across the air gap by camera. It works without a network, and sends nothing.
        </p>
        <FromCamera />
        <ToScreen />
      </details>
    </section>
  );
}

/** QR codes become a file. */
function FromCamera() {
  const [scanning, setScanning] = useState(false);
  const [scanned, setScanned] = useState<{ readonly bytes: Uint8Array; readonly type: FileType } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  function take(bytes: Uint8Array, type: FileType) {
    setScanning(false);
    const found = exposedInFile(bytes);
    setFailure(found && exposure(found, "What was scanned"));
    setScanned(found === null ? { bytes, type } : null);
  }

  return (
    <>
      <h3>From QR codes to a file</h3>
      {scanning ? (
        <Scanner onScanned={take} onClose={() => setScanning(false)} />
      ) : (
        <button type="button" class="quiet" onClick={() => setScanning(true)}>
          Scan QR codes with the camera
        </button>
      )}
      {scanned && (
        <p role="status">
          Read: {scanned.bytes.length} bytes.{" "}
          <button type="button" class="quiet" onClick={() => save(NAMES[scanned.type], scanned.bytes.slice(), TYPES[scanned.type])}>
            Save {NAMES[scanned.type]}
          </button>
        </p>
      )}
      {failure && <Refusal failure={failure} />}
    </>
  );
}

/** A file becomes QR codes. */
function ToScreen() {
  const file = useInlet<Uint8Array>("File to show", {
    read: ({ bytes }) => Promise.resolve(bytes),
    letGo: (bytes) => void bytes.fill(0),
  });
  const { state } = file;
  const bytes = useMemo(() => (state.at === "read" ? state.value.slice() : null), [state]);
  return (
    <>
      <h3>From a file to QR codes</h3>
      <Intake
        inlet={file}
        hint="A PSET, signatures, an approval, a descriptor, an account key or an address."
        accept=".pset,.json,.txt,.descriptor,text/plain,application/json,application/octet-stream"
        paste={false}
      />
      {bytes && <Frames bytes={bytes} />}
    </>
  );
}
