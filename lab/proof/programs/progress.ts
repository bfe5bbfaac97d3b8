import { actorName, SHAPES } from './shapes.js';

/** What the actors have done, by shape. */
export class Progress {
  constructor(
    private readonly done: ReadonlyMap<string, number>,
    private readonly actors: number,
  ) {}

  /** A sentence for each actor that has done less than this. */
  missing(turnsEach: number): readonly string[] {
    return Object.keys(SHAPES)
      .flatMap((shape) => this.#names(shape))
      .filter((name) => this.#turns(name) < turnsEach)
      .map((name) => `${name} had only ${this.#turns(name)} turns: it starves`);
  }

  get figures(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      Object.keys(SHAPES).map((shape) => [`turns: ${shape}`, this.#turnsOfAll(shape)]),
    );
  }

  #turnsOfAll(shape: string): number {
    return this.#names(shape).reduce((sum, name) => sum + this.#turns(name), 0);
  }

  #names(shape: string): readonly string[] {
    return Array.from({ length: this.actors }, (_, number) => actorName(shape, number));
  }

  #turns(name: string): number {
    return this.done.get(name) ?? 0;
  }
}
