/** Which nodes' histograms are kept, in a fixed number of places. A histogram can always be built again, so the newest may be given up for another. */
export class HistogramSlots {
  readonly #free: number[];
  readonly #slotOf = new Map<number, number>();

  constructor(count: number) {
    this.#free = Array.from({ length: count }, (_, i) => count - 1 - i);
  }

  /** The place of a node's histogram, if it is kept. */
  of(node: number): number | undefined {
    return this.#slotOf.get(node);
  }

  /** Finds a place for a node's histogram. @param needed nodes whose own must stay */
  take(node: number, needed: ReadonlySet<number>): number {
    const slot = this.#free.pop() ?? this.#giveUp(needed);
    this.#slotOf.set(node, slot);
    return slot;
  }

  /** Makes over a node's place to another. */
  move(from: number, to: number): number {
    const slot = this.#slotOf.get(from)!;
    this.#slotOf.delete(from);
    this.#slotOf.set(to, slot);
    return slot;
  }

  /** Gives a node's place back, if it has one. */
  release(node: number): void {
    const slot = this.#slotOf.get(node);
    if (slot === undefined) return;
    this.#slotOf.delete(node);
    this.#free.push(slot);
  }

  #giveUp(needed: ReadonlySet<number>): number {
    const node = [...this.#slotOf.keys()].findLast(owner => !needed.has(owner))!;
    const slot = this.#slotOf.get(node)!;
    this.#slotOf.delete(node);
    return slot;
  }
}
