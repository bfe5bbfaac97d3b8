<?php

declare(strict_types=1);

namespace OctoStore\Internal\Calls;

use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Bearer;
use OctoStore\Internal\Clock;
use OctoStore\Internal\Http\Outcomes;
use OctoStore\Internal\Http\Request;
use OctoStore\Internal\Http\Sender;
use OctoStore\Internal\Servers;

/**
 * Makes calls and retries them where that is safe.
 *
 * @internal
 */
final readonly class Caller
{
    /** A request that lasted this long, in milliseconds, has waited in line. */
    private const WAITED_MS_MIN = 1000.0;

    public function __construct(
        public Servers $servers,
        public Sender $sender,
        public Bearer $bearer,
    ) {
    }

    /**
     * @template T
     * @param Call<T> $call
     * @return Result<T>
     * @throws OctoStoreException the error of the last attempt
     * @throws \OctoStore\Exception\StoppedException as soon as it is stopped
     */
    public function call(Call $call): Result
    {
        $startedAtMs = Clock::nowMs();
        $route = new Route($this->servers, untilMs: $call->patientUntilMs ?? -INF);
        for ($attempts = 1;; $attempts++) {
            $wasUnknown = $call->outcome->isUnknown;
            $sentAtMs = Clock::nowMs();
            try {
                return $this->attempt($call, $route->server);
            } catch (\Throwable $error) {
                if ($wasUnknown && $call->goneIsDone && Repeating::isGone($error)) {
                    return new Result(null, $startedAtMs);
                }
                $call->outcome->isUnknown = $wasUnknown || Repeating::leavesUnknown($error);
                if ($attempts >= $call->limits->attemptsMax || !Repeating::mayRepeat($error, $call->isSafe)) {
                    throw $error;
                }
                $nowMs = Clock::nowMs();
                if ($nowMs - $sentAtMs >= self::WAITED_MS_MIN && $nowMs < $call->patientUntilMs) {
                    $route->restart();
                }
                $delayMs = $route->next($error);
                if ($delayMs === null || $delayMs >= $call->limits->deadlineMs - Clock::nowMs()) {
                    throw $error;
                }
                Clock::pause($delayMs, $call->stop);
            }
        }
    }

    /**
     * One attempt. It is sent again only if the token was replaced.
     *
     * @template T
     * @param Call<T> $call
     * @param string $server its base URL
     * @return Result<T>
     */
    public function attempt(Call $call, string $server): Result
    {
        try {
            $result = $this->attemptAt($server, $call);
        } catch (OctoStoreException $error) {
            if (Repeating::isFaultOfServer($error)) {
                $this->servers->leave($server);
            }
            throw $error;
        }
        $this->servers->keep($server);

        return $result;
    }

    /**
     * @template T
     * @param Call<T> $call
     * @return Result<T>
     */
    private function attemptAt(string $server, Call $call): Result
    {
        if (!$call->isPublic) {
            $this->bearer->ready($this->untilMs($call, $call->request()), $call->stop);
        }
        for ($mayAsk = true;;) {
            $request = $call->request();
            $token = $this->bearer->token();
            $untilMs = $this->untilMs($call, $request);
            $answer = $this->sender->exchange($server, $request, $untilMs, $token, $call->stop);
            if ($answer->status !== 401) {
                break;
            }
            $isReplaced = $this->bearer->awaitReplacement($token, $untilMs, $call->stop);
            if (!$isReplaced && $mayAsk) {
                $mayAsk = false;
                $isReplaced = $this->bearer->askAgain($token, $untilMs, $call->stop);
            }
            if (!$isReplaced) {
                break;
            }
        }

        return new Result(Outcomes::valueOf($answer, $call->read), $answer->sentAtMs);
    }

    /** @param Call<mixed> $call */
    private function untilMs(Call $call, Request $request): float
    {
        return min($this->sender->untilMs($request, Clock::nowMs()), $call->limits->deadlineMs);
    }
}
