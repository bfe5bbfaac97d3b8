<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Internal\Calls\Call;
use OctoStore\Internal\Calls\Caller;
use OctoStore\Internal\Fields;
use OctoStore\Internal\Http\Request;
use OctoStore\Internal\Nothing;
use OctoStore\Value\Deliveries;
use OctoStore\Value\Delivery;
use OctoStore\Value\EventType;
use OctoStore\Value\Webhook;

/** The webhooks of a user. All methods throw an `OctoStoreException` if they fail. */
final readonly class Webhooks
{
    /** @internal see `Client::$webhooks` */
    public function __construct(private Caller $caller)
    {
    }

    /**
     * Creates a webhook. Each user can have ten.
     *
     * @param string $url HTTPS
     * @param ?string $secret signs each delivery; never shown again
     * @param ?list<EventType> $events which events to send; all by default
     * @param ?string $lockPattern which locks to send events for, as a glob such as `billing/*`; all by default
     */
    public function create(
        string $url,
        #[\SensitiveParameter] ?string $secret = null,
        ?array $events = null,
        ?string $lockPattern = null,
    ): Webhook {
        $body = ['url' => $url, 'secret' => $secret, 'events' => $events, 'lock_pattern' => $lockPattern];

        return $this->caller->call(new Call(
            request: new Request('POST', '/webhooks', $body),
            read: static fn (string $text): Webhook => Webhook::read(Fields::parse($text)),
            isSafe: false,
        ))->value;
    }

    /** @return list<Webhook> */
    public function list(): array
    {
        return $this->caller->call(new Call(
            request: new Request('GET', '/webhooks'),
            read: static fn (string $text): array => array_map(Webhook::read(...), Fields::parseList($text)),
            isSafe: true,
        ))->value;
    }

    public function delete(string $id): void
    {
        $this->caller->call(new Call(
            request: new Request('DELETE', self::path($id)),
            read: Nothing::read(...),
            isSafe: true,
            goneIsDone: true,
        ));
    }

    /**
     * The webhook's deliveries, newest event first.
     *
     * @param ?int $limit 1 to 100; 50 by default
     * @param ?int $before the `nextBefore` of the previous page
     */
    public function deliveries(string $id, ?int $limit = null, ?int $before = null): Deliveries
    {
        $query = http_build_query(['limit' => $limit, 'before' => $before]);

        return $this->caller->call(new Call(
            request: new Request('GET', self::path($id) . "/deliveries?$query"),
            read: static fn (string $text): Deliveries => Deliveries::read(Fields::parse($text)),
            isSafe: true,
        ))->value;
    }

    /** Sends a delivery again. */
    public function redeliver(string $id, string $deliveryId): Delivery
    {
        $path = self::path($id) . '/deliveries/' . rawurlencode($deliveryId) . '/redeliver';

        return $this->caller->call(new Call(
            request: new Request('POST', $path),
            read: static fn (string $text): Delivery => Delivery::read(Fields::parse($text)),
            isSafe: false,
        ))->value;
    }

    private static function path(string $id): string
    {
        return '/webhooks/' . rawurlencode($id);
    }
}
