import { patch, together, type Bug } from '../../sim/bugs/bug.js';
import { CalledFunctions } from '../../../kit/simulated-postgres/called-functions.js';
import type { DatabaseState } from '../../../kit/simulated-postgres/database-state.js';
import { Instance } from '../../../kit/simulated-postgres/instance.js';
import { SimConnection } from '../../../kit/simulated-postgres/sim-connection.js';

/** Bugs in what the database checks before it writes, and in what is made of its answers. */
export const CHAIN_BUGS: readonly Bug[] = [
  {
    name: 'commits are fenced by the epoch alone',
    plant: () =>
      patch(
        CalledFunctions.prototype,
        'finds',
        (original) =>
          function finds(this: CalledFunctions, verb, args, state, instance) {
            if (verb === 'take_over') return original.call(this, verb, args, state, instance);
            return state.server.epoch === args.p_epoch;
          },
      ),
  },
  {
    name: 'rows are written although the server row is elsewhere',
    plant: () => {
      let isFound: CalledFunctions['finds'] | null = null;
      return together(
        patch(CalledFunctions.prototype, 'finds', (original) => {
          isFound = original;
          return function finds(this: CalledFunctions, verb, args, state, instance) {
            return verb === 'commit' || original.call(this, verb, args, state, instance);
          };
        }),
        patch(
          CalledFunctions.prototype,
          'apply',
          (original) =>
            function apply(this: CalledFunctions, verb, args, state, instance) {
              const after = original.call(this, verb, args, state, instance);
              return isFound?.call(this, verb, args, state, instance) === true
                ? after
                : after.withServer(state.server);
            },
        ),
      );
    },
  },
  {
    name: 'a warning is ignored',
    plant: () =>
      patch(
        SimConnection.prototype,
        'answerOf',
        (original) =>
          function answerOf(this: SimConnection, reply) {
            return { ...original.call(this, reply), isWarned: false };
          } as typeof original,
      ),
  },
  {
    name: 'what is visible is taken for durable',
    plant: () =>
      patch(
        Instance.prototype,
        'waitsForStandby',
        (original) =>
          function waitsForStandby(this: Instance, parsed) {
            const isProof = parsed.kind === 'call' && parsed.verb === 'continue_chain';
            return !isProof && original.call(this, parsed);
          },
      ),
  },
  {
    name: 'a take-over loads what its own statement sees',
    plant: () => {
      const snapshots = new WeakMap<Instance, DatabaseState>();
      return together(
        patch(
          CalledFunctions.prototype,
          'finds',
          (original) =>
            function finds(this: CalledFunctions, verb, args, state, instance) {
              if (verb !== 'take_over') return original.call(this, verb, args, state, instance);
              return state.server.epoch === args.p_epoch;
            },
        ),
        patch(
          Instance.prototype,
          'run',
          (original) =>
            function run(this: Instance, statement, reply) {
              if (statement.text.includes('take_over')) snapshots.set(this, this.visible.state);
              original.call(this, statement, reply);
            },
        ),
        patch(
          Instance.prototype,
          'readable',
          (original) =>
            function readable(this: Instance) {
              const { server } = original.call(this);
              const snapshot = snapshots.get(this);
              const isFirst =
                this.visible.parsed?.kind === 'call' && this.visible.parsed.verb === 'take_over';
              return isFirst && snapshot !== undefined ? snapshot.withServer(server) : original.call(this);
            },
        ),
      );
    },
  },
  {
    name: 'numbers do not skip after commits were lost',
    plant: () => patch(CalledFunctions.prototype, 'mayHaveLostCommits', () => () => false),
  },
  {
    name: 'a leader goes on although a later term may be lost',
    plant: () => patch(CalledFunctions.prototype, 'hasLostNoTerm', () => () => true),
  },
];
