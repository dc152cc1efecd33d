import { useDesk } from "../desk.ts";
import type { Failure } from "../failure.ts";
import { Field } from "./field.tsx";
import { passedOnTo } from "./hosts.tsx";

/**
 * The address of a server. If `coldamp-online serve` serves the page, no other address can be asked: the field then shows
 * the server that requests are passed on to, and cannot be edited.
 */
export function ServerField(props: {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly disabled: boolean;
  readonly failure: Failure | null;
  readonly onChange: (address: string) => void;
}) {
  const { served } = useDesk().desk;
  const upstream = passedOnTo(props.value, served);
  return (
    <Field
      label={props.label}
      hint={upstream === null ? props.hint : "set by coldamp-online serve, which passes the requests on"}
      failure={props.failure}
    >
      {(aria) =>
        upstream === null ? (
          <input
            {...aria}
            type="url"
            spellcheck={false}
            disabled={props.disabled}
            value={props.value}
            onInput={(event) => props.onChange(event.currentTarget.value.trim())}
          />
        ) : (
          <output {...aria}>{upstream}</output>
        )
      }
    </Field>
  );
}
