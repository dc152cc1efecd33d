import type { ReviewDocument } from "coldamp-wasm";
import { Groups, Money } from "../parts/money.tsx";
import { type Flow, lanes, names } from "./lanes.ts";

/** Every input and output with its amount and its coin or address. */
export function Table({ review }: { readonly review: ReviewDocument }) {
  const known = names(review);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="In numbers">
      <table>
        <caption>In numbers</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Amount</th>
            <th scope="col">Coin or address</th>
          </tr>
        </thead>
        {lanes(review).map((lane) => (
          <tbody key={lane.asset}>
            <tr class="asset">
              <th scope="rowgroup" colSpan={3}>
                {lane.name} <span class="id">{lane.asset}</span>
              </th>
            </tr>
            {lane.ins.map((flow, index) => (
              <Row key={`in${index}`} direction="input" flow={flow} asset={lane.asset} names={known} />
            ))}
            {lane.outs.map((flow, index) => (
              <Row key={`out${index}`} direction="output" flow={flow} asset={lane.asset} names={known} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Row(props: {
  readonly direction: "input" | "output";
  readonly flow: Flow;
  readonly asset: string;
  readonly names: ReturnType<typeof names>;
}) {
  const { direction, flow, asset } = props;
  return (
    <tr>
      <td class="what">
        {flow.label}
        {flow.number !== null && <span class="place">{` ${direction} ${flow.number}`}</span>}
      </td>
      <td class="amount">
        <Money amount={flow.amount} asset={asset} names={props.names} />
      </td>
      <td>
        {flow.place !== "" && <Groups text={flow.place} />}
        {flow.path !== null && <span class="path"> treasury, path {flow.path}</span>}
      </td>
    </tr>
  );
}
