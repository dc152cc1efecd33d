import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "../desk.ts";
import type { FileType, Scanned } from "../engine/qr.ts";
import { failed, type Failure, failureOf } from "../failure.ts";
import { type Camera, type Opened, WIDEST, cameras, close, light, openCamera } from "./camera.ts";
import { Field } from "./field.tsx";
import { Refusal } from "./refusal.tsx";

/** Milliseconds between two pictures: ten a second, more than the frames that are shown. */
const EVERY = 100;

const NOTHING: Scanned = { state: "nothing" };

const NO_CAMERA: Failure = failed("CAMERA", "the browser does not allow this page to use a camera");

/** Reads a QR code, or all frames of a file, with the camera. */
export function Scanner(props: {
  readonly onScanned: (bytes: Uint8Array, type: FileType) => void;
  readonly onClose: () => void;
}) {
  const { engine } = useDesk();
  const video = useRef<HTMLVideoElement>(null);
  const [frames, setFrames] = useState<Extract<Scanned, { state: "some" }> | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [odd, setOdd] = useState<Failure | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [known, setKnown] = useState<readonly Camera[]>([]);
  const [opened, setOpened] = useState<Opened | null>(null);
  // One scan for all cameras: what one has read the next one does not read again.
  const [scan] = useState(() => engine.call("scan_open", []));
  useEffect(() => () => void scan.then((number) => engine.call("scan_close", [number])).catch(() => undefined), []);

  useEffect(() => {
    let open = true;
    let stream: MediaStream | null = null;

    async function look(number: number, context: CanvasRenderingContext2D, seen: HTMLVideoElement) {
      while (open) {
        const began = performance.now();
        const found = seen.videoWidth > 0 ? await see(number, context, seen) : NOTHING;
        if (!open) return;
        if (found.state === "some") setFrames(found);
        if (found.state === "whole") {
          props.onScanned(found.bytes, found.type);
          return;
        }
        await new Promise((resume) => setTimeout(resume, Math.max(0, EVERY - (performance.now() - began))));
      }
    }

    /** Takes and decodes one picture. */
    async function see(number: number, context: CanvasRenderingContext2D, seen: HTMLVideoElement): Promise<Scanned> {
      const width = Math.min(seen.videoWidth, WIDEST);
      const height = Math.round((seen.videoHeight * width) / seen.videoWidth);
      Object.assign(context.canvas, { width, height });
      context.drawImage(seen, 0, 0, width, height);
      try {
        const found = await engine.call("scan_picture", [number, context.getImageData(0, 0, width, height)]);
        if (found.state !== "nothing") setOdd(null);
        return found;
      } catch (thrown) {
        const failure = failureOf(thrown);
        if (failure.code === "ENGINE_STOPPED") throw failure;
        // A frame of another file. The frames that were read stay.
        setOdd(failure);
        return NOTHING;
      }
    }

    async function begin() {
      const number = await scan;
      let camera: Opened;
      try {
        camera = await openCamera(chosen);
      } catch {
        if (open) setFailure(NO_CAMERA);
        return;
      }
      stream = camera.stream;
      const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const seen = video.current;
      if (!open || seen === null || context === null) return;
      setOpened(camera);
      setKnown(await cameras());
      seen.srcObject = stream;
      await seen.play();
      await look(number, context, seen);
    }

    begin()
      .catch((thrown: unknown) => open && setFailure(failureOf(thrown)))
      .finally(() => close(stream));
    return () => {
      open = false;
      close(stream);
      setOpened(null);
    };
  }, [chosen]);

  return (
    <div class="scanner" role="group" aria-label="Camera">
      {failure ? (
        <Refusal failure={failure} />
      ) : (
        <>
          <video ref={video} muted playsInline aria-label="What the camera sees" />
          {frames && <progress max={frames.of} value={frames.have} aria-label="Frames read" />}
          <p role="status">
            {frames ? `${frames.have} of ${frames.of} frames read. Missing: ${frames.missing}` : "Looking for a QR code…"}
          </p>
          {odd && <Refusal failure={odd} />}
          {known.length > 1 && (
            <Field label="Camera">
              {(aria) => (
                <select {...aria} value={opened?.id ?? ""} onChange={(event) => setChosen(event.currentTarget.value)}>
                  {known.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
          {opened?.hasLight && <Light key={opened.id} stream={opened.stream} />}
        </>
      )}
      <button type="button" class="quiet" onClick={props.onClose}>
        Close the camera
      </button>
    </div>
  );
}

/** Switches the light of a camera that has one. */
function Light({ stream }: { readonly stream: MediaStream }) {
  const [on, setOn] = useState(false);
  const [failed, setFailed] = useState(false);

  async function turn() {
    try {
      await light(stream, !on);
      setOn(!on);
    } catch {
      setFailed(true);
    }
  }

  if (failed) return <p class="hint">The browser does not switch the light of this camera.</p>;
  return (
    <button type="button" class="quiet" aria-pressed={on} onClick={() => void turn()}>
      {on ? "Turn the light off" : "Turn the light on"}
    </button>
  );
}
