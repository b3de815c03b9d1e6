import { ACTION_KINDS, type Action } from './facts.ts';

const NONE = 0;

/** Actions as columns: a million of them are 20 MB so, and ten times that as objects. */
export class ActionColumns implements Iterable<Action> {
  #user = new Uint32Array(1024);
  #event = new Uint32Array(1024);
  #kind = new Uint8Array(1024);
  #position = new Uint16Array(1024);
  #at = new Float64Array(1024);
  #length = 0;

  static of(actions: Iterable<Action>): ActionColumns {
    const columns = new ActionColumns();
    for (const action of actions) columns.add(action);
    return columns;
  }

  add({ user, event, kind, at, position }: Action): void {
    const i = this.#length;
    if (i === this.#at.length) this.#grow();
    this.#user[i] = user;
    this.#event[i] = event;
    this.#kind[i] = ACTION_KINDS.indexOf(kind);
    this.#position[i] = position ?? NONE;
    this.#at[i] = at;
    this.#length = i + 1;
  }

  get length(): number {
    return this.#length;
  }

  *[Symbol.iterator](): Generator<Action> {
    for (let i = 0; i < this.#length; i++) {
      const position = this.#position[i] as number;
      yield {
        user: this.#user[i] as number,
        event: this.#event[i] as number,
        kind: ACTION_KINDS[this.#kind[i] as number] as Action['kind'],
        at: this.#at[i] as number,
        ...(position === NONE ? {} : { position }),
      };
    }
  }

  #grow(): void {
    const length = this.#length * 2;
    const longer = <T extends Uint32Array | Uint8Array | Uint16Array | Float64Array>(
      old: T,
      next: T,
    ): T => {
      next.set(old);
      return next;
    };
    this.#user = longer(this.#user, new Uint32Array(length));
    this.#event = longer(this.#event, new Uint32Array(length));
    this.#kind = longer(this.#kind, new Uint8Array(length));
    this.#position = longer(this.#position, new Uint16Array(length));
    this.#at = longer(this.#at, new Float64Array(length));
  }
}
