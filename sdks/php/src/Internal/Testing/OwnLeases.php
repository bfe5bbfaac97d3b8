<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

/**
 * Finds the leases and places of a user.
 *
 * @internal
 */
final readonly class OwnLeases
{
    public function __construct(private Past $past)
    {
    }

    /**
     * The lease with an id.
     *
     * @param list<FakeLease> $leases of all users
     * @param ?string $name a lock that it must hold
     * @throws Refusal
     */
    public function find(array $leases, string $user, string $leaseId, ?string $name): FakeLease
    {
        $found = array_values(array_filter(
            $leases,
            static fn (FakeLease $lease): bool => $lease->ticket->user === $user
                && $lease->ticket->leaseId === $leaseId
                && ($name === null || isset($lease->locks[$name])),
        ));
        if (count($found) > 1) {
            throw new Refusal(409, 'ambiguous_lease_id', 'You hold several leases with this lease_id.');
        }
        if ($found === []) {
            $this->past->refuseBroken($user, $leaseId);
            throw new Refusal(404, 'lock_not_found', 'You do not hold this lock.');
        }

        return $found[0];
    }

    /**
     * The lease that a request asks for again; null if the request is new.
     *
     * @param list<FakeLease> $leases of all users
     * @throws Refusal
     */
    public function repeated(array $leases, Ticket $ticket): ?FakeLease
    {
        foreach ($leases as $lease) {
            $isCandidate = $lease->ticket->user === $ticket->user && $ticket->wantsAnyOf(array_keys($lease->locks));
            if (!$isCandidate || ($ticket->isChosen && $lease->ticket->leaseId !== $ticket->leaseId)) {
                continue;
            }
            if ($ticket->isSame($lease->ticket->session, $lease->wanted())) {
                return $lease;
            }
            self::refuseMismatch($ticket);
        }

        return null;
    }

    /**
     * The place in line in which a request continues; null if the request is new.
     *
     * @param list<Ticket> $line
     * @throws Refusal
     */
    public function place(array $line, Ticket $ticket): ?Ticket
    {
        foreach ($line as $place) {
            $isOwn = $place->user === $ticket->user && $place->leaseId === $ticket->leaseId;
            if ($isOwn && $ticket->wantsAnyOf(array_keys($place->wanted))) {
                if (!$ticket->isSame($place->session, $place->wanted)) {
                    self::refuseMismatch($ticket);
                }

                return $place;
            }
        }

        return null;
    }

    private static function refuseMismatch(Ticket $ticket): void
    {
        if ($ticket->isChosen) {
            throw new Refusal(409, 'lease_mismatch', 'You already use this lease_id for something else.');
        }
    }
}
