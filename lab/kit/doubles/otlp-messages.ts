import protobuf from 'protobufjs';

const bytes = (id: number) => ({ type: 'bytes', id });
const text = (id: number) => ({ type: 'string', id });
const many = (type: string, id: number) => ({ rule: 'repeated', type, id });

/** The parts of OTLP that spans need, with the field numbers of opentelemetry-proto 1.x. */
const MESSAGES: Readonly<Record<string, protobuf.IType>> = {
  ExportTraceServiceRequest: { fields: { resourceSpans: many('ResourceSpans', 1) } },
  ResourceSpans: {
    fields: { resource: { type: 'Resource', id: 1 }, scopeSpans: many('ScopeSpans', 2) },
  },
  Resource: { fields: { attributes: many('KeyValue', 1) } },
  ScopeSpans: { fields: { scope: { type: 'InstrumentationScope', id: 1 }, spans: many('Span', 2) } },
  InstrumentationScope: { fields: { name: text(1), version: text(2) } },
  Span: {
    fields: {
      traceId: bytes(1),
      spanId: bytes(2),
      traceState: text(3),
      parentSpanId: bytes(4),
      name: text(5),
      kind: { type: 'int32', id: 6 },
      startTimeUnixNano: { type: 'fixed64', id: 7 },
      endTimeUnixNano: { type: 'fixed64', id: 8 },
      attributes: many('KeyValue', 9),
      links: many('Link', 13),
      status: { type: 'Status', id: 15 },
    },
  },
  Link: { fields: { traceId: bytes(1), spanId: bytes(2) } },
  Status: { fields: { message: text(2), code: { type: 'int32', id: 3 } } },
  KeyValue: { fields: { key: text(1), value: { type: 'AnyValue', id: 2 } } },
  AnyValue: {
    oneofs: { value: { oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue'] } },
    fields: {
      stringValue: text(1),
      boolValue: { type: 'bool', id: 2 },
      intValue: { type: 'int64', id: 3 },
      doubleValue: { type: 'double', id: 4 },
    },
  },
};

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number | boolean>>;
}

interface Link {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
}

interface WireSpan extends Link {
  readonly parentSpanId: Uint8Array;
  readonly traceState: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly links: readonly Link[];
  readonly status: { readonly code: number } | null;
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

/** A span that was exported. Ids are in hexadecimal, times in nanoseconds since 1970. */
export interface ExportedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: number;
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  readonly attributes: Attributes;
  /** The ids of the spans that it is linked to. */
  readonly links: readonly string[];
  readonly isError: boolean;
  /** The attributes of the service. */
  readonly resource: Attributes;
}

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

const ERROR = 2;

const request = protobuf.Root.fromJSON({ nested: MESSAGES }).lookupType('ExportTraceServiceRequest');

/** Decodes the body of an export. Throws if it is no such message. */
export function spansIn(body: Uint8Array): ExportedSpan[] {
  const options = { longs: String, defaults: true, arrays: true, oneofs: false };
  const { resourceSpans } = request.toObject(request.decode(body), options) as ExportRequest;
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((span) => exported(span, attributesOf(resource.attributes)))),
  );
}

function exported(span: WireSpan, resource: Attributes): ExportedSpan {
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentId: hex(span.parentSpanId),
    traceState: span.traceState,
    name: span.name,
    kind: span.kind,
    startedAt: BigInt(span.startTimeUnixNano),
    endedAt: BigInt(span.endTimeUnixNano),
    attributes: attributesOf(span.attributes),
    links: span.links.map(({ spanId }) => hex(spanId)),
    isError: span.status?.code === ERROR,
    resource,
  };
}

function attributesOf(pairs: readonly KeyValue[]): Attributes {
  return Object.fromEntries(
    pairs.map(({ key, value: { stringValue, boolValue, intValue, doubleValue } }) => [
      key,
      intValue === undefined ? (stringValue ?? boolValue ?? doubleValue) : Number(intValue),
    ]),
  );
}

function hex(bytesOfId: Uint8Array): string {
  return Buffer.from(bytesOfId).toString('hex');
}
