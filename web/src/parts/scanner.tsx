import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "../desk.ts";
import type { Scanned } from "../engine/qr.ts";
import { failed, type Failure, failureOf } from "../failure.ts";
import { Refusal } from "./refusal.tsx";

/** Milliseconds between two looks: at ten frames a second none is missed twice. */
const EVERY = 100;
/** Wider pictures take longer to look at than frames stay on a screen. */
const WIDEST = 1280;

const NOTHING: Scanned = { state: "nothing" };

const NO_CAMERA: Failure = failed("CAMERA", "the browser gives no camera to this page");

/** Looks through the camera for a QR code, or for the frames of one file, until it has all. */
export function Scanner(props: { readonly onScanned: (bytes: Uint8Array) => void; readonly onClose: () => void }) {
  const { engine } = useDesk();
  const video = useRef<HTMLVideoElement>(null);
  const [frames, setFrames] = useState<{ have: number; of: number } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [odd, setOdd] = useState<Failure | null>(null);

  useEffect(() => {
    let open = true;
    let stream: MediaStream | null = null;
    const scan = engine.call("scan_open", []);

    async function look(number: number, context: CanvasRenderingContext2D, seen: HTMLVideoElement) {
      while (open) {
        const began = performance.now();
        const found = seen.videoWidth > 0 ? await see(number, context, seen) : NOTHING;
        if (!open) return;
        if (found.state === "some") setFrames({ have: found.have, of: found.of });
        if (found.state === "whole") {
          props.onScanned(found.bytes);
          return;
        }
        await new Promise((resume) => setTimeout(resume, Math.max(0, EVERY - (performance.now() - began))));
      }
    }

    /** One picture, no wider than is of use. */
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
        // A frame of something else. What was read stays.
        setOdd(failure);
        return NOTHING;
      }
    }

    async function begin() {
      const number = await scan;
      try {
        stream = await navigator.mediaDevices.getUserMedia({
          video: { facingMode: "environment", width: { ideal: WIDEST } },
        });
      } catch {
        setFailure(NO_CAMERA);
        return;
      }
      const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const seen = video.current;
      if (!open || seen === null || context === null) return;
      seen.srcObject = stream;
      await seen.play();
      await look(number, context, seen);
    }

    begin()
      .catch((thrown: unknown) => open && setFailure(failureOf(thrown)))
      .finally(() => stream?.getTracks().forEach((track) => track.stop()));
    return () => {
      open = false;
      stream?.getTracks().forEach((track) => track.stop());
      scan.then((number) => engine.call("scan_close", [number])).catch(() => undefined);
    };
  }, []);

  return (
    <div class="scanner" role="group" aria-label="Camera">
      {failure ? (
        <Refusal failure={failure} />
      ) : (
        <>
          <video ref={video} muted playsInline aria-label="What the camera sees" />
          {frames && <progress max={frames.of} value={frames.have} aria-label="Frames read" />}
          <p role="status">{frames ? `${frames.have} of ${frames.of} frames read` : "Looking for a QR code…"}</p>
          {odd && <Refusal failure={odd} />}
        </>
      )}
      <button type="button" class="quiet" onClick={props.onClose}>
        Close the camera
      </button>
    </div>
  );
}
