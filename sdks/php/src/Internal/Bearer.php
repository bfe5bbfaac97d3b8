<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Exception\AuthenticationException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Renewal;
use OctoStore\Rules;
use OctoStore\StopToken;

/**
 * The token of a client and of its copies in forks. It can be replaced while requests are under way. The old token stops working
 * immediately, so some of these requests may get a 401 although the client has a valid token by then.
 *
 * @internal
 */
final class Bearer
{
    /** The latest that this process knows of. Dumps do not show the value. */
    private \SensitiveParameterValue $token;

    /** Where forks find the token. It is taken out while one of them rotates it. Null if there is nothing to share. */
    private readonly ?SharedSecret $shared;

    private bool $isRotating = false;

    /**
     * @param int $timeoutMs timeout of one attempt at a rotation, in milliseconds
     * @throws \RuntimeException if the system has no sockets left
     */
    public function __construct(#[\SensitiveParameter] ?string $token, private readonly int $timeoutMs)
    {
        $this->token = new \SensitiveParameterValue($token);
        $this->shared = $token !== null && Renewal::isBackgroundPossible() ? new SharedSecret($token) : null;
    }

    /** The current token, or the old one while it is being rotated. */
    public function token(): ?string
    {
        $this->learn($this->shared?->look());

        return $this->token->getValue();
    }

    /** @throws AuthenticationException if there is no token */
    public function checkPresent(): void
    {
        if ($this->token->getValue() === null) {
            $how = 'Pass one to the client, or set OCTOSTORE_TOKEN.';
            throw new AuthenticationException("This call needs a token, and the client has none. $how");
        }
    }

    /**
     * Replaces the token with the one that `$ask` returns. Rotations run one at a time, across all processes. Signal handlers run
     * afterwards, so that an exception from one cannot lose the new token.
     *
     * @param \Closure(): string $ask is refused for good if it is refused with 401
     * @throws OctoStoreException the error of `$ask`; the token stays the same
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

    /** Whether the token has been replaced. Null while a rotation is under way that may replace it. */
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
     * Whether the token has been replaced, now or when a rotation that is under way has ended. A request that got a 401 has had no
     * effect, and can then be sent again.
     *
     * @param float $untilMs the latest time to wait until, on the monotonic clock
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

    /** Waits while another process rotates, but not forever, in case that process was killed. */
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
