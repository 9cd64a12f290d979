/** What looks at one run have cost lately, so that the next one can be planned for. */
import type { RequestMeter } from '../../forges/forge.ts';

export interface LookCosts {
  /** Counts on the shared account as well. */
  meter: RequestMeter;
  begin(): void;
  end(): void;
  current(): { requestsPerLook: number; chargedPerLook: number };
}

/** How much the last look counts against those before. */
const lastShare = 0.3;

/** @param shared the account of the connection */
export function createLookCosts(shared: RequestMeter): LookCosts {
  let look = { sent: 0, charged: 0 };
  let usual = { requestsPerLook: 3, chargedPerLook: 1 };
  const smooth = (old: number, last: number): number => old + (last - old) * lastShare;
  return {
    meter: {
      sent() {
        look.sent += 1;
        shared.sent();
      },
      charged() {
        look.charged += 1;
        shared.charged();
      },
    },
    begin() {
      look = { sent: 0, charged: 0 };
    },
    end() {
      usual = {
        requestsPerLook: smooth(usual.requestsPerLook, look.sent),
        chargedPerLook: smooth(usual.chargedPerLook, look.charged),
      };
    },
    current: () => usual,
  };
}
