<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Exception\OctoStoreException;
use OctoStore\Renewal;
use OctoStore\Rules;
use OctoStore\StopToken;

/**
 * The token of a client, and of the copies of that client in forks. It may be replaced while requests are under way; the old one ends
 * at once, so some of them may be refused with 401 although the client has a valid token by then.
 *
 * @internal
 */
final class Bearer
{
    /** The last that this process knows of. Shows its value in no dump. */
    private \SensitiveParameterValue $token;

    /** Where forks find it; it is out while one of them rotates it. Null where there is nothing to share. */
    private readonly ?SharedSecret $shared;

    private bool $isRotating = false;

    /**
     * @param int $timeoutMs milliseconds that one attempt at a rotation may take
     * @throws \RuntimeException if the system has no sockets left
     */
    public function __construct(#[\SensitiveParameter] ?string $token, private readonly int $timeoutMs)
    {
        $this->token = new \SensitiveParameterValue($token);
        $this->shared = $token !== null && Renewal::isBackgroundPossible() ? new SharedSecret($token) : null;
    }

    /** The present token; while it is rotated the old one. */
    public function token(): ?string
    {
        $this->learn($this->shared?->look());

        return $this->token->getValue();
    }

    /**
     * Replaces the token by what `$ask` gets for it. One rotation comes after the other, in whichever processes. Handlers of signals
     * run afterwards, lest the new token be lost by what they throw.
     *
     * @param \Closure(): string $ask is refused for good if it is refused with 401
     * @throws OctoStoreException that of `$ask`; the token stays
     */
    public function rotate(\Closure $ask): string
    {
        return Signals::holdOff(function () use ($ask): string {
            $this->takeOut();
            $this->isRotating = true;
            try {
                $this->learn($ask());
            } finally {
                $this->isRotating = false;
                $this->shared?->put($this->token->getValue());
            }

            return $this->token->getValue();
        });
    }

    /** Whether there is another token by now; null while a rotation is under way that may bring one. */
    public function isReplaced(#[\SensitiveParameter] ?string $token): ?bool
    {
        $present = $this->shared?->look();
        $this->learn($present);
        if ($this->token->getValue() !== $token) {
            return true;
        }
        $isRotatedElsewhere = $this->shared !== null && $present === null && !$this->isRotating;

        return $isRotatedElsewhere ? null : false;
    }

    /**
     * Whether there is another token by now, or when a rotation that is under way has ended. A request that was refused with 401 has
     * had no effect, and is sent again then.
     *
     * @param float $untilMs waits no longer, on the monotonic clock
     * @throws \OctoStore\Exception\StoppedException as soon as it is stopped
     */
    public function awaitReplacement(#[\SensitiveParameter] ?string $token, float $untilMs, ?StopToken $stop): bool
    {
        while (($isReplaced = $this->isReplaced($token)) === null && Clock::nowMs() < $untilMs) {
            Clock::pause(Clock::LOOK_EVERY_MS, $stop);
        }

        return $isReplaced === true;
    }

    private function learn(#[\SensitiveParameter] ?string $token): void
    {
        if ($token !== null) {
            $this->token = new \SensitiveParameterValue($token);
        }
    }

    /** Waits while another process rotates, but not for one that was killed meanwhile. */
    private function takeOut(): void
    {
        if ($this->shared === null) {
            return;
        }
        $longestMs = (1 + Rules::REPEATS_MAX) * ($this->timeoutMs + Rules::REPEAT_DELAY_MS_MAX);
        $untilMs = Clock::nowMs() + $longestMs;
        while (($token = $this->shared->take()) === null && Clock::nowMs() < $untilMs) {
            Clock::pause(Clock::LOOK_EVERY_MS);
        }
        $this->learn($token);
    }
}
