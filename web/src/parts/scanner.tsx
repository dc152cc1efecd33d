import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "../desk.ts";
import type { Scanned } from "../engine/qr.ts";
import { failed, type Failure, failureOf } from "../failure.ts";
import { Refusal } from "./refusal.tsx";

/** Milliseconds between two pictures: ten a second, more than the frames that are shown. */
const EVERY = 100;
/** Decoding a wider picture takes longer than a frame is shown. */
const WIDEST = 1280;

const NOTHING: Scanned = { state: "nothing" };

const NO_CAMERA: Failure = failed("CAMERA", "the browser does not allow this page to use a camera");

/** Reads a QR code, or all frames of a file, with the camera. */
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
