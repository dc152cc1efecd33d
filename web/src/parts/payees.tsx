import { type Names, assetName } from "../amounts.ts";
import { visible } from "../visible.ts";
import { Groups, Money } from "./money.tsx";

/** A recipient. */
export interface Payee {
  /** AMP's user and account, if AMP shows them. */
  readonly holder: string | null;
  /** Null if AMP chooses it later. */
  readonly address: string | null;
  /** Base units. */
  readonly amount: string;
}

/** A table of recipients, with the total. */
export function Payees(props: {
  readonly caption: string;
  readonly payees: readonly Payee[];
  readonly total: string;
  readonly asset: string;
  readonly names: Names;
}) {
  const { payees, asset, names } = props;
  const withHolders = payees.some(({ holder }) => holder !== null);
  const before = withHolders ? 3 : 2;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={props.caption}>
      <table>
        <caption>{props.caption}</caption>
        <thead>
          <tr>
            <th scope="col">Number</th>
            {withHolders && <th scope="col">Holder at AMP</th>}
            <th scope="col">Address</th>
            <th scope="col">Amount</th>
          </tr>
        </thead>
        <tbody>
          {payees.map(({ holder, address, amount }, index) => (
            <tr key={index}>
              <td class="what">
                <span class="unit">recipient </span>
                {index + 1}
              </td>
              {withHolders && <td>{holder === null ? "not shown by AMP" : visible(holder)}</td>}
              <td>{address === null ? "AMP chooses it when it makes the distribution" : <Groups text={visible(address)} />}</td>
              <td class="amount">
                <Money amount={amount} asset={asset} names={names} brief />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={before}>
              {payees.length} {payees.length === 1 ? "recipient" : "recipients"}, {assetName(asset, names)} in total
            </th>
            <td class="amount">
              <Money amount={props.total} asset={asset} names={names} brief />
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
