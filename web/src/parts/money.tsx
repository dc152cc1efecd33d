import { type Names, grouped, shown } from "../amounts.ts";

/** An amount in the asset's units, and in base units. `brief` where something above it says whether the ticker is proven. */
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
      {!proven && !props.brief && <span class="unproven"> ticker not proven</span>}
      <span class="units">
        {" "}
        <Digits number={props.amount} /> base units
      </span>
    </span>
  );
}

/** A number whose groups of three are set apart by space that is no character: copied, it is the number. */
export function Digits({ number }: { readonly number: string }) {
  return (
    <span class="digits">
      {grouped(number).map((group, index) => (
        <span key={index}>{group}</span>
      ))}
    </span>
  );
}

/** A long string in groups of four, which is how people compare them. Copied, it has no spaces. */
export function Groups({ text, label }: { readonly text: string; readonly label?: string }) {
  return (
    <span class="groups" role={label ? "group" : undefined} aria-label={label}>
      {(text.match(/.{1,4}/gu) ?? []).map((group, index) => (
        <span key={index}>{group}</span>
      ))}
    </span>
  );
}
