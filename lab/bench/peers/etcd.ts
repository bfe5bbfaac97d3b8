import { nowMs, pause } from '../../../src/process/time.js';
import { newPlace, startProgramAt, type Place } from './peer-process.js';
import type { Aim, RunningPeer } from './peer.js';

const NODES = 3;
const MISSING = 'apt-get install etcd-server';
const LED_WITHIN_MS = 60_000;
const POLL_MS = 50;

/** One node. It syncs its log before it answers, as it does by default. */
export async function startEtcd(): Promise<RunningPeer> {
  const place = await newPlace();
  return startNode(place, [place]);
}

/** Three nodes with folders of their own. Each syncs its own log, and a majority has to before a client gets its answer. */
export class EtcdCluster {
  private constructor(private readonly nodes: readonly RunningPeer[]) {}

  static async start(): Promise<EtcdCluster> {
    const places: Place[] = [];
    for (let node = 0; node < NODES; node += 1) places.push(await newPlace());
    const starts = await Promise.allSettled(places.map((place) => startNode(place, places)));
    const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const cluster = new EtcdCluster(started);
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed === undefined) return cluster;
    await cluster.stop();
    throw failed.reason;
  }

  /** The node that leads, to which the others forward. */
  async leader(): Promise<Aim> {
    const untilMs = nowMs() + LED_WITHIN_MS;
    while (nowMs() < untilMs) {
      for (const node of this.nodes) {
        const aim = await node.aim();
        if (await leads(aim)) return aim;
      }
      await pause(POLL_MS);
    }
    throw new Error(`no node of etcd leads after ${LED_WITHIN_MS} ms`);
  }

  /** A node that forwards to the one that leads. */
  async otherNode(): Promise<Aim> {
    const leader = await this.leader();
    const aims = await Promise.all(this.nodes.map((node) => node.aim()));
    return aims.find(({ processId }) => processId !== leader.processId) ?? leader;
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

interface NodeStatus {
  readonly header?: { readonly member_id?: string };
  readonly leader?: string;
}

async function leads({ target: { host, port } }: Aim): Promise<boolean> {
  const url = `http://${host}:${port}/v3/maintenance/status`;
  try {
    const response = await fetch(url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(5_000) });
    const { header, leader } = (await response.json()) as NodeStatus;
    return leader !== undefined && leader === header?.member_id;
  } catch {
    return false;
  }
}

function startNode(place: Place, all: readonly Place[]): Promise<RunningPeer> {
  const [client, peer] = [clientUrl(place), peerUrl(place)];
  const args = flags({
    name: nameOf(place),
    'data-dir': place.folder,
    'log-level': 'error',
    logger: 'zap',
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': all.map((each) => `${nameOf(each)}=${peerUrl(each)}`).join(','),
  });
  return startProgramAt(place, 'etcd', args, MISSING);
}

function nameOf({ ports: [port] }: Place): string {
  return `node-${port}`;
}

function clientUrl({ host, ports: [port] }: Place): string {
  return `http://${host}:${port}`;
}

function peerUrl({ host, ports: [, port] }: Place): string {
  return `http://${host}:${port}`;
}

export function flags(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
}
