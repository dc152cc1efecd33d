import { type Names, grouped, shown } from "../amounts.ts";

/**
 * An amount in the asset's units, and in base units; L-BTC in sat alone. Without a proven precision it has eight decimals,
 * as at AMP, and says so unless it is `brief`.
 */
export function Money(props: {
  readonly amount: string;
  readonly asset: string;
  readonly names: Names;
  readonly brief?: boolean;
}) {
  const { number, unit, proven } = shown(props.amount, props.asset, props.names);
  return (
    <span class="money">
      <Digits number={number} />
      {unit !== "" && ` ${unit}`}
      {!proven && !props.brief && <span class="unproven"> as AMP writes it</span>}
      {props.asset !== props.names.policy_asset && (
        <span class="units">
          {" "}
          <Digits number={props.amount} /> base units
        </span>
      )}
    </span>
  );
}

/** A number in groups of three digits. The gaps are not characters: copied, it is the number. */
export function Digits({ number }: { readonly number: string }) {
  return (
    <span class="digits">
      {grouped(number).map((group, index) => (
        <span key={index}>{group}</span>
      ))}
    </span>
  );
}

/** A long string in groups of four, for comparing. Copied, it has no spaces. */
export function Groups({ text, label }: { readonly text: string; readonly label?: string }) {
  return (
    <span class="groups" role={label ? "group" : undefined} aria-label={label}>
      {(text.match(/.{1,4}/gu) ?? []).map((group, index) => (
        <span key={index}>{group}</span>
      ))}
    </span>
  );
}
