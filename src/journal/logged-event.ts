import type { Event, EventType } from '../core/model/event.js';

/** An event in the log. Its times are wall-clock milliseconds, and do not change once it is logged. */
export type LoggedEvent<Type extends EventType = EventType> = Event<number, Type>;
