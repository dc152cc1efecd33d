/** The camera: opens one, finds the others, and switches its light where the browser offers that. */

/** Decoding a wider picture takes longer than a frame is shown. */
export const WIDEST = 1280;

/** A camera that can be chosen. */
export interface Camera {
  readonly id: string;
  readonly name: string;
}

/** An open camera. */
export interface Opened {
  readonly stream: MediaStream;
  readonly id: string;
  /** Whether its light can be switched. */
  readonly hasLight: boolean;
}

/** What browsers know of a camera's light; the types of TypeScript do not have it. */
interface WithTorch {
  readonly torch?: boolean;
}

/** Opens a camera: the chosen one, or the one that looks away from the person. */
export async function openCamera(id: string | null): Promise<Opened> {
  const which: MediaTrackConstraints = id === null ? { facingMode: "environment" } : { deviceId: { exact: id } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: { ...which, width: { ideal: WIDEST } } });
  const track = stream.getVideoTracks()[0];
  const can = track?.getCapabilities?.() as WithTorch | undefined;
  return { stream, id: track?.getSettings().deviceId ?? "", hasLight: can?.torch === true };
}

/** The cameras of this computer. Their names are known once one was allowed. */
export async function cameras(): Promise<readonly Camera[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const found = devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId !== "");
  return found.map(({ deviceId, label }, index) => ({ id: deviceId, name: label || `Camera ${index + 1}` }));
}

/** Switches the light of a camera. */
export async function light(stream: MediaStream, on: boolean): Promise<void> {
  const torch = { torch: on } as MediaTrackConstraintSet;
  await stream.getVideoTracks()[0]?.applyConstraints({ advanced: [torch] });
}

/** Lets go of a camera. */
export function close(stream: MediaStream | null): void {
  stream?.getTracks().forEach((track) => track.stop());
}
