<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

use OctoStore\Client;
use OctoStore\Rules;
use OctoStore\Value\EventType;

/** The requests that are one call of the client. */
final class Calls
{
    /** @param array<string, mixed> $given */
    public static function make(Client $client, array $given): mixed
    {
        return match ($given['do']) {
            'health' => $client->health(),
            'status_counters' => $client->statusCounters(),
            'acquire' => $client->acquire($given['name'], ...self::acquisition($given), ...Wanted::lock($given)),
            'acquire_all' => $client->acquireAll(Wanted::locks($given), ...self::acquisition($given)),
            'renew' => $client->renew($given['name'], $given['lease_id'], $given['ttl_seconds']),
            'release' => $client->release($given['name'], $given['lease_id']),
            'lock_status' => $client->lockStatus($given['name']),
            'break' => $client->breakLock($given['name'], $given['reason'], $given['fencing_token'] ?? null),
            'request_release' => $client->requestRelease($given['name'], $given['message'] ?? null),
            'queue' => $client->queue($given['name']),
            'leave_queue' => $client->leaveQueue($given['name'], $given['lease_id']),
            'advance_fence' => $client->fences->advance($given['name'], $given['fencing_token']),
            'check_fence' => $client->fences->check($given['name'], $given['fencing_token']),
            'fence' => $client->fences->get($given['name']),
            'list_locks' => $client->listLocks($given['prefix'] ?? null, own: ($given['owner'] ?? null) === 'me'),
            'create_session' => $client->createSession($given['ttl_seconds'] ?? Rules::SESSION_TTL_SECONDS_DEFAULT),
            'keepalive' => $client->keepalive($given['session_id']),
            'session_status' => $client->sessionStatus($given['session_id']),
            'end_session' => $client->endSession($given['session_id']),
            'create_webhook' => $client->webhooks->create(
                $given['url'],
                secret: $given['secret'] ?? null,
                events: isset($given['events']) ? array_map(EventType::from(...), $given['events']) : null,
                lockPattern: $given['lock_pattern'] ?? null,
            ),
            'list_webhooks' => $client->webhooks->list(),
            'delete_webhook' => $client->webhooks->delete($given['webhook_id']),
            'deliveries' => $client->webhooks->deliveries($given['webhook_id']),
            'redeliver' => $client->webhooks->redeliver($given['webhook_id'], $given['delivery_id']),
            'rotate_token' => self::rotateToken($client),
        };
    }

    /**
     * @param array<string, mixed> $given
     * @return array<string, mixed>
     */
    private static function acquisition(array $given): array
    {
        return [
            'ttlSeconds' => $given['ttl_seconds'],
            'waitSeconds' => $given['wait_seconds'] ?? 0,
            'metadata' => $given['metadata'] ?? null,
            'sessionId' => $given['session_id'] ?? null,
            'leaseId' => $given['lease_id'] ?? null,
            'waitSliceSeconds' => $given['wait_slice_seconds'] ?? null,
        ] + Wanted::lease($given);
    }

    /** Whose answer is for nobody. */
    private static function rotateToken(Client $client): null
    {
        $client->rotateToken();

        return null;
    }
}
