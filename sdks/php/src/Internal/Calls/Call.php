<?php

declare(strict_types=1);

namespace OctoStore\Internal\Calls;

use OctoStore\Internal\Http\Request;
use OctoStore\StopToken;

/**
 * A request to the server, with as many attempts as it needs and as are safe.
 *
 * @internal
 * @template T
 */
final readonly class Call
{
    /**
     * @param Request|(\Closure(): Request) $request the request, or what creates it for each attempt
     * @param \Closure(string): T $read reads the body of a successful response; throws `UnexpectedValueException` if it cannot
     * @param bool $isSafe whether it is harmless if the server does this twice
     * @param bool $goneIsDone for calls that remove something: if it is gone after an attempt with an unknown outcome, that attempt did
     *     it
     * @param bool $isPublic whether it needs no token
     * @param ?float $patientUntilMs until when it goes on after failures, however many there are; an acquire that waits has this
     */
    public function __construct(
        private Request|\Closure $request,
        public \Closure $read,
        public bool $isSafe,
        public bool $goneIsDone = false,
        public Outcome $outcome = new Outcome(),
        public ?StopToken $stop = null,
        public bool $isPublic = false,
        public Limits $limits = new Limits(),
        public ?float $patientUntilMs = null,
    ) {
    }

    public function request(): Request
    {
        return $this->request instanceof Request ? $this->request : ($this->request)();
    }
}
