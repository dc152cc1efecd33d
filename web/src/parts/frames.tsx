import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "../desk.ts";
import type { Matrix } from "../engine/qr.ts";
import type { Failure } from "../failure.ts";
import { Field } from "./field.tsx";
import { Refusal } from "./refusal.tsx";

/** Characters that a QR code of a version holds (alphanumeric, least error correction). */
const SIZES = [
  { characters: 535, name: "small (version 12)" },
  { characters: 1249, name: "medium (version 20)" },
  { characters: 2132, name: "large (version 27)" },
  { characters: 4296, name: "largest (version 40)" },
] as const;

/** More frames than this take half a minute a round, and each that is missed costs another round. */
const MANY = 100;

const SPEEDS = [1, 2, 4, 6, 8] as const;

/** A file as a series of QR codes (BBQr), or as one. */
export function Frames({ bytes }: { readonly bytes: Uint8Array }) {
  const { engine } = useDesk();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [characters, setCharacters] = useState<number>(SIZES[1].characters);
  const [speed, setSpeed] = useState<number>(4);
  const [paused, setPaused] = useState(() => matchMedia("(prefers-reduced-motion: reduce)").matches);
  const [frames, setFrames] = useState<readonly string[]>([]);
  const [shown, setShown] = useState(0);
  const [failure, setFailure] = useState<Failure | null>(null);

  useEffect(() => {
    setShown(0);
    setFailure(null);
    engine.call("frames", [bytes, characters]).then(setFrames, setFailure);
  }, [bytes, characters]);

  useEffect(() => {
    if (paused || frames.length < 2) return;
    const timer = setInterval(() => setShown((frame) => (frame + 1) % frames.length), 1000 / speed);
    return () => clearInterval(timer);
  }, [paused, speed, frames]);

  useEffect(() => {
    const text = frames[shown];
    if (text === undefined) return;
    let wanted = true;
    engine.call("matrix", [text]).then((matrix) => wanted && canvas.current && draw(canvas.current, matrix), setFailure);
    return () => {
      wanted = false;
    };
  }, [frames, shown]);

  const step = (by: number) => setShown((frame) => (frame + by + frames.length) % frames.length);
  if (failure) return <Refusal failure={failure} />;
  return (
    <div class="frames" role="group" aria-label="Animated QR">
      <canvas ref={canvas} role="img" aria-label={`QR code, frame ${shown + 1} of ${frames.length}`} />
      <p>
        Frame {shown + 1} of {frames.length}
        {frames.length > 1 && `. A round takes ${Math.ceil(frames.length / speed)} s`}
      </p>
      {frames.length > MANY && (
        <p class="hint">That is much for a camera. A file on a USB stick is quicker; larger frames need fewer codes.</p>
      )}
      <div class="row">
        <button type="button" class="quiet" onClick={() => step(-1)} disabled={!paused}>
          Previous frame
        </button>
        <button type="button" onClick={() => setPaused(!paused)} aria-pressed={paused}>
          {paused ? "Play" : "Pause"}
        </button>
        <button type="button" class="quiet" onClick={() => step(1)} disabled={!paused}>
          Next frame
        </button>
      </div>
      <div class="row">
        <Field label="Frame size">
          {(aria) => (
            <select {...aria} value={characters} onChange={(event) => setCharacters(Number(event.currentTarget.value))}>
              {SIZES.map((size) => (
                <option key={size.characters} value={size.characters}>
                  {size.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Frames a second">
          {(aria) => (
            <select {...aria} value={speed} onChange={(event) => setSpeed(Number(event.currentTarget.value))}>
              {SPEEDS.map((frames) => (
                <option key={frames}>{frames}</option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <p class="hint">The camera can start with any frame. A frame that it misses is shown again.</p>
    </div>
  );
}

/** Draws each module with whole pixels: scanners fail on blurred edges. */
function draw(canvas: HTMLCanvasElement, { size, dark }: Matrix): void {
  const scale = Math.max(2, Math.floor(720 / size));
  Object.assign(canvas, { width: size * scale, height: size * scale });
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000";
  dark.forEach((module, index) => {
    if (module === 0) return;
    const [column, row] = [index % size, Math.floor(index / size)];
    context.fillRect(column * scale, row * scale, scale, scale);
  });
}
