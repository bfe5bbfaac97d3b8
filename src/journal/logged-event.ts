import type { Event, EventType } from '../core/model/event.js';

/** An event as the log has it. Its times are wall-clock milliseconds, fixed when it was logged. */
export type LoggedEvent<Type extends EventType = EventType> = Event<number, Type>;
