import { useState } from "preact/hooks";
import { useDesk } from "../desk.ts";
import type { Failure } from "../failure.ts";
import { Field } from "./field.tsx";
import { ServerField } from "./server.tsx";

/** AMP's user name and password. The password is removed from the form after the login. */
export interface Credentials {
  readonly root: string;
  readonly username: string;
  readonly password: string;
}

/** The state of the form. */
export function useCredentials(root: string) {
  const [typed, setTyped] = useState<Credentials>({ root, username: "", password: "" });
  return {
    typed,
    type: (change: Partial<Credentials>) => setTyped((before) => ({ ...before, ...change })),
    whole: typed.root !== "" && typed.username !== "" && typed.password !== "",
  };
}

/** Codes of failures that are about AMP's address. */
const ABOUT_ROOT = ["HOST", "SERVER_ADDRESS", "AMP_UNREACHABLE"];

/** Whether a failure is shown beside one of these fields. */
export function aboutLogIn(failure: Failure | null): boolean {
  return failure !== null && (failure.code === "AMP_CREDENTIALS" || ABOUT_ROOT.includes(failure.code));
}

/** The form. */
export function LogIn(props: {
  readonly credentials: ReturnType<typeof useCredentials>;
  readonly disabled: boolean;
  readonly failure: Failure | null;
}) {
  const { desk } = useDesk();
  const { typed, type } = props.credentials;
  const told = aboutLogIn(props.failure) ? props.failure : null;
  const aboutRoot = told !== null && ABOUT_ROOT.includes(told.code);
  return (
    <fieldset disabled={props.disabled}>
      <legend>AMP</legend>
      <ServerField
        label="AMP’s API"
        hint="https://HOST/api"
        value={typed.root}
        disabled={props.disabled}
        failure={aboutRoot ? told : null}
        onChange={(root) => type({ root })}
      />
      <div class="row">
        <Field label="AMP user">
          {(aria) => (
            <input
              {...aria}
              autocomplete="username"
              spellcheck={false}
              value={typed.username}
              onInput={(event) => type({ username: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="AMP password" failure={aboutRoot ? null : told}>
          {(aria) => (
            <input
              {...aria}
              type="password"
              autocomplete="current-password"
              value={typed.password}
              onInput={(event) => type({ password: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      {desk.served === null && (
        <p class="hint">
          AMP’s own servers do not answer a page of another site. If the login fails, run <code>coldamp-online serve</code>{" "}
          and use the page there: it passes the requests on to AMP.
        </p>
      )}
    </fieldset>
  );
}
