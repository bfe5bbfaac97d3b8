<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Exception\AuthenticationException;
use OctoStore\Exception\ErrorFacts;
use OctoStore\Exception\NetworkException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\ServerException;
use OctoStore\Exception\TimeoutException;
use OctoStore\Internal\Calls\Caller;
use OctoStore\Internal\Http\Answer;
use OctoStore\Internal\Http\Connection;
use OctoStore\Internal\Http\Outcomes;
use OctoStore\Rules;
use OctoStore\Value\EventType;
use OctoStore\Value\EventUpdate;
use OctoStore\Value\LockEvent;
use OctoStore\Value\LockStatus;
use OctoStore\Value\PrefixState;
use OctoStore\Value\ResetUpdate;
use OctoStore\Value\StateUpdate;
use OctoStore\Value\Update;

/**
 * Yields the updates of a watch, over as many connections as it needs.
 *
 * Its generators yield null whenever they have waited for `patienceMs`, so that the caller can check clocks and stop tokens.
 *
 * @internal
 */
final class WatchStream
{
    public float $patienceMs = 0;

    private ?string $lastEventId = null;

    /** @param \Closure(Fields): (LockStatus|PrefixState) $readState */
    public function __construct(
        private readonly Caller $caller,
        private readonly string $path,
        private readonly \Closure $readState,
    ) {
    }

    /** @return \Generator<int, ?Update> */
    public function updates(): \Generator
    {
        $hasBegun = false;
        for ($failures = 0;;) {
            try {
                foreach ($this->updatesOfOneConnection() as $update) {
                    if ($update !== null) {
                        [$hasBegun, $failures] = [true, 0];
                    }
                    yield $update;
                }
            } catch (OctoStoreException $error) {
                $failures++;
                if ($hasBegun ? Caller::isFinal($error) : self::isHopeless($error, $failures)) {
                    throw $error;
                }
                yield from $this->pause(Backoff::delayMs($failures, $error->retryAfterMs));
            }
        }
    }

    /** Retries the first connection like a read. */
    private static function isHopeless(OctoStoreException $error, int $failures): bool
    {
        $isTooLong = ($error->retryAfterMs ?? 0) > Rules::RETRY_AFTER_MS_MAX;

        return $failures > Rules::REPEATS_MAX || $isTooLong || !Caller::mayRepeat($error, true);
    }

    /**
     * Always ends by throwing, even if the server closed the stream, unless it got a 401 and the token has been replaced since.
     *
     * @return \Generator<int, ?Update>
     */
    private function updatesOfOneConnection(): \Generator
    {
        $this->caller->bearer->checkPresent();
        $token = $this->caller->bearer->token();
        $connection = $this->caller->transport->open($this->path, $this->lastEventId, $token);
        $server = $this->caller->transport->baseUrl;
        try {
            yield from $this->awaitHead($connection);
            yield from $this->read($connection);
            throw $connection->failure() ?? new NetworkException("The stream of $server ended.", true);
        } catch (AuthenticationException $refusal) {
            if (!yield from $this->awaitReplacement($token)) {
                throw $refusal;
            }
        } finally {
            $connection->close();
        }
    }

    /**
     * Like `Bearer::awaitReplacement()`.
     *
     * @return \Generator<int, null, mixed, bool>
     */
    private function awaitReplacement(#[\SensitiveParameter] ?string $token): \Generator
    {
        $untilMs = Clock::nowMs() + $this->caller->transport->timeoutMs;
        while (($isReplaced = $this->caller->bearer->isReplaced($token)) === null && Clock::nowMs() < $untilMs) {
            yield from $this->pause(Clock::LOOK_EVERY_MS);
        }

        return $isReplaced === true;
    }

    /** @return \Generator<int, null> */
    private function awaitHead(Connection $connection): \Generator
    {
        $timeoutMs = $this->caller->transport->timeoutMs;
        $untilMs = Clock::nowMs() + $timeoutMs;
        // Waits for the complete response if it is not a stream, to read its error.
        while (!$connection->isOver() && !($connection->hasHead() && $connection->status() === 200)) {
            if (Clock::nowMs() >= $untilMs) {
                throw new TimeoutException("There was no answer from {$this->caller->transport->baseUrl} within $timeoutMs ms.");
            }
            yield from $this->step($connection);
        }
        if ($connection->failure() !== null) {
            throw $connection->failure();
        }
        $status = $connection->status();
        if ($status !== 200) {
            throw Outcomes::exceptionOf(new Answer($status, $connection->headers(), $connection->take(), 0));
        }
        if (!str_starts_with($connection->headers()['content-type'] ?? '', 'text/event-stream')) {
            throw new ServerException('The answer of the server is no event stream.', new ErrorFacts(status: $status));
        }
    }

    /** @return \Generator<int, ?Update> */
    private function read(Connection $connection): \Generator
    {
        $frames = new FrameReader();
        $heardAtMs = Clock::nowMs();
        for (;;) {
            $piece = $connection->take();
            foreach ($frames->read($piece) as $frame) {
                $update = $this->updateOf($frame);
                $this->lastEventId = $frame->id ?? $this->lastEventId;
                if ($update !== null) {
                    yield $update;
                }
            }
            if ($connection->isOver()) {
                return;
            }
            if ($piece !== '') {
                $heardAtMs = Clock::nowMs();
            } elseif (Clock::nowMs() - $heardAtMs > Rules::WATCH_SILENCE_MS_MAX) {
                $ms = Rules::WATCH_SILENCE_MS_MAX;
                throw new TimeoutException("The stream of {$this->caller->transport->baseUrl} was silent for $ms ms.");
            }
            yield from $this->step($connection);
        }
    }

    /**
     * Yields null if nothing happened, so that the caller can check the time.
     *
     * @return \Generator<int, null>
     */
    private function step(Connection $connection): \Generator
    {
        $connection->step($this->patienceMs);
        yield null;
    }

    /** @return \Generator<int, null> */
    private function pause(float $ms): \Generator
    {
        $untilMs = Clock::nowMs() + $ms;
        while (($leftMs = $untilMs - Clock::nowMs()) > 0) {
            Clock::pause(min($leftMs, $this->patienceMs));
            yield null;
        }
    }

    /** Returns null for a kind of event that this version does not know. */
    private function updateOf(Frame $frame): ?Update
    {
        try {
            $fields = Fields::parse($frame->data);

            return match (true) {
                $frame->event === 'state' => new StateUpdate(($this->readState)($fields)),
                $frame->event === 'reset' => new ResetUpdate($fields->text('message')),
                EventType::tryFrom($frame->event) !== null => new EventUpdate(LockEvent::read($fields)),
                default => null,
            };
        } catch (\UnexpectedValueException $cause) {
            $facts = new ErrorFacts(status: 200);

            throw new ServerException('An event of the server cannot be understood.', $facts, $cause);
        }
    }
}
