import { Admission, type Bounds, type Place } from '../front-door/admission.ts';
import { isRefusal, type Refusal, refuse } from '../front-door/refusals.ts';
import type { Exchange } from './exchange.ts';

/** The requests whose bodies are being read. */
export class Arrivals {
  readonly #places: Admission;
  /** The one that has been read for longest in front. */
  readonly #open = new Map<Exchange, Place>();

  constructor(bounds: Bounds) {
    this.#places = new Admission(bounds, 'requests');
  }

  /**
   * Takes a place for a request until its body is there. Where all are taken, the one that has written for longest loses its own:
   * it may be one of many that write nothing but to keep others out.
   * @returns how to leave it, or the refusal of a caller with too many.
   */
  enter(exchange: Exchange, caller: string): Place | Refusal {
    let place = this.#places.enter(caller);
    if (isRefusal(place) && place.status === 503) {
      const [longest] = this.#open.keys();
      if (longest !== undefined) this.#sendAway(longest, TOO_SLOW);
      place = this.#places.enter(caller);
    }
    if (isRefusal(place)) return place;
    const { leave } = place;
    this.#open.set(exchange, place);
    const end = () => {
      this.#open.delete(exchange);
      leave();
    };
    exchange.response.once('close', end);
    return { leave: end };
  }

  /** Sends all away. */
  refuseAll(refusal: Refusal): void {
    for (const exchange of [...this.#open.keys()]) this.#sendAway(exchange, refusal);
  }

  #sendAway(exchange: Exchange, refusal: Refusal): void {
    this.#open.get(exchange)?.leave();
    this.#open.delete(exchange);
    exchange.response.setHeader('connection', 'close');
    exchange.turnAway(refusal);
  }
}

const TOO_SLOW = refuse(408, 'slow_client', 'Others are waiting, and this request has been arriving for longest.');
