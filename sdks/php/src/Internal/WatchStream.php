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
use OctoStore\Internal\Calls\Repeating;
use OctoStore\Internal\Calls\Route;
use OctoStore\Internal\Http\Answer;
use OctoStore\Internal\Http\Outcomes;
use OctoStore\Rules;
use OctoStore\Transport\Exchange;
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

    private bool $mayAsk = true;

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
        $route = new Route($this->caller->servers);
        for ($hasBegun = false;;) {
            $isConnected = false;
            try {
                foreach ($this->updatesOfOneConnection($route->server) as $update) {
                    if ($update !== null && !$isConnected) {
                        $route->neverEnd();
                        $isConnected = $hasBegun = true;
                    }
                    yield $update;
                }
            } catch (OctoStoreException $error) {
                if (Repeating::isFaultOfServer($error)) {
                    $this->caller->servers->leave($route->server);
                }
                // The first connection is retried like a read.
                $mayGoOn = $hasBegun ? !Repeating::isFinal($error) : Repeating::mayRepeat($error, true);
                $delayMs = $mayGoOn ? $route->next($error) : null;
                if ($delayMs === null) {
                    throw $error;
                }
                // All streams of a server break at once, so they must not all come back at once.
                yield from $this->pause(max($delayMs, $isConnected ? Backoff::delayMs(1) : 0.0));
            }
        }
    }

    /**
     * Always ends by throwing, even if the server closed the stream, unless it got a 401 and the token has been replaced since.
     *
     * @return \Generator<int, ?Update>
     */
    private function updatesOfOneConnection(string $server): \Generator
    {
        $this->caller->bearer->ready(Clock::nowMs() + $this->caller->sender->timeoutMs, null);
        $token = $this->caller->bearer->token();
        $connection = $this->caller->sender->open($server, $this->path, $this->lastEventId, $token);
        try {
            yield from $this->awaitHead($connection, $server);
            $this->mayAsk = true;
            yield from $this->read($connection, $server);
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
     * Like `Bearer::awaitReplacement()`, then asks the function that gives the token, once for each time that the stream breaks.
     *
     * @return \Generator<int, null, mixed, bool>
     */
    private function awaitReplacement(#[\SensitiveParameter] ?string $token): \Generator
    {
        $untilMs = Clock::nowMs() + $this->caller->sender->timeoutMs;
        while (($isReplaced = $this->caller->bearer->isReplaced($token)) === null && Clock::nowMs() < $untilMs) {
            yield from $this->pause(Clock::LOOK_EVERY_MS);
        }

        if ($isReplaced !== true && $this->mayAsk) {
            $this->mayAsk = false;
            $isReplaced = $this->caller->bearer->askAgain($token, $untilMs, null);
        }

        return $isReplaced === true;
    }

    /** @return \Generator<int, null> */
    private function awaitHead(Exchange $connection, string $server): \Generator
    {
        $timeoutMs = $this->caller->sender->timeoutMs;
        $untilMs = Clock::nowMs() + $timeoutMs;
        // Waits for the complete response if it is not a stream, to read its error.
        while (!$connection->isOver() && !($connection->hasHead() && $connection->status() === 200)) {
            if (Clock::nowMs() >= $untilMs) {
                throw new TimeoutException("There was no answer from $server within $timeoutMs ms.");
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
    private function read(Exchange $connection, string $server): \Generator
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
                throw new TimeoutException("The stream of $server was silent for $ms ms.");
            }
            yield from $this->step($connection);
        }
    }

    /**
     * Yields null if nothing happened, so that the caller can check the time.
     *
     * @return \Generator<int, null>
     */
    private function step(Exchange $connection): \Generator
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
