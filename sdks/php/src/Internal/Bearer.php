<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Exception\AuthenticationException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\ValidationException;
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
    /** What is shared before the function was asked for the first time. No token has such a character. */
    private const UNKNOWN = "\0";

    /** The latest that this process knows of. Dumps do not show the value. */
    private \SensitiveParameterValue $token;

    /** Where forks find the token. It is taken out while one of them rotates it. Null if there is nothing to share. */
    private readonly ?SharedSecret $shared;

    private bool $isRotating = false;

    /** Gives the token; holds null if it is a text. Dumps do not show what the function has captured. */
    private readonly \SensitiveParameterValue $source;

    /**
     * @param string|(\Closure(): string)|null $token the token, or what gives it
     * @param int $timeoutMs timeout of one attempt at a rotation, in milliseconds
     * @throws \RuntimeException if the system has no sockets left
     */
    public function __construct(#[\SensitiveParameter] string|\Closure|null $token, private readonly int $timeoutMs)
    {
        $isText = is_string($token);
        $this->token = new \SensitiveParameterValue($isText ? $token : null);
        $this->source = new \SensitiveParameterValue($isText ? null : $token);
        $this->shared = $token !== null && Renewal::isBackgroundPossible()
            ? new SharedSecret($isText ? $token : self::UNKNOWN)
            : null;
    }

    /** The current token, or the old one while it is being rotated. */
    public function token(): ?string
    {
        $this->learn($this->shared?->look());

        return $this->token->getValue();
    }

    /**
     * Sees to it that there is a token: asks the function for the first one.
     *
     * @param float $untilMs how long to wait while another process asks, on the monotonic clock
     * @throws OctoStoreException if there is none
     * @throws \OctoStore\Exception\StoppedException as soon as it is stopped
     */
    public function ready(float $untilMs, ?StopToken $stop): void
    {
        if ($this->token() !== null || $this->askAgain(null, $untilMs, $stop)) {
            return;
        }
        $how = 'Pass one to the client, or set OCTOSTORE_TOKEN.';
        throw new AuthenticationException("This call needs a token, and the client has none. $how");
    }

    /**
     * Asks the function for another token than the one that was refused, unless there is one by now. One process at a time asks; the
     * others wait for it, but not forever, in case it was killed. Signal handlers run after the function, so that their exceptions are
     * not taken for its own. False if there is no other token.
     *
     * @param ?string $refused null for the first one
     * @param float $untilMs how long to wait while another process asks, on the monotonic clock
     * @throws OctoStoreException if the function fails, or gives something that is no token
     * @throws \OctoStore\Exception\StoppedException as soon as it is stopped
     */
    public function askAgain(#[\SensitiveParameter] ?string $refused, float $untilMs, ?StopToken $stop): bool
    {
        if ($this->source->getValue() === null) {
            return false;
        }
        do {
            if ($this->awaitReplacement($refused, $untilMs, $stop)) {
                return true;
            }
            $isLate = Clock::nowMs() >= $untilMs;
        } while (!Signals::holdOff(fn (): bool => $this->askUnlessOther($refused, $isLate)));

        return $this->token->getValue() !== $refused;
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
        if ($this->source->getValue() !== null) {
            $how = 'Rotate the token where the function gets it.';
            throw new ValidationException("This client cannot rotate its token, because a function gives it. $how");
        }

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
        if ($token !== null && $token !== self::UNKNOWN) {
            $this->token = new \SensitiveParameterValue($token);
        }
    }

    /** False if another process has just begun to ask. */
    private function askUnlessOther(#[\SensitiveParameter] ?string $refused, bool $isLate): bool
    {
        $taken = $this->shared?->take();
        if ($taken === null && $this->shared !== null && !$isLate) {
            return false;
        }
        $this->learn($taken);
        try {
            if ($this->token->getValue() === $refused) {
                $this->learn($this->asked());
            }
        } finally {
            $this->shared?->put($this->token->getValue() ?? self::UNKNOWN);
        }

        return true;
    }

    private function asked(): string
    {
        try {
            $token = ($this->source->getValue())();
        } catch (\Throwable $cause) {
            throw new AuthenticationException('The function that gives the token has failed.', previous: $cause);
        }
        if (!is_string($token)) {
            throw new ValidationException('The function that gives the token must return a text.');
        }
        Checks::token($token);

        return $token;
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
