<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** Everything that this library throws, apart from `StoppedException`. */
abstract class OctoStoreException extends \RuntimeException
{
    /** The server's stable code, such as `lock_not_found`. `getCode()` is always 0, since PHP takes numbers only. */
    public readonly ?string $errorCode;

    /** The HTTP status, if there was an answer. */
    public readonly ?int $status;

    /** Finds the request in the server's log. */
    public readonly ?string $requestId;

    /** Milliseconds after which the server said it makes sense to try again. */
    public readonly ?int $retryAfterMs;

    public function __construct(
        string $message,
        ErrorFacts $facts = new ErrorFacts(),
        ?\Throwable $previous = null,
    ) {
        parent::__construct($message, 0, $previous);
        $this->errorCode = $facts->code;
        $this->status = $facts->status;
        $this->requestId = $facts->requestId;
        $this->retryAfterMs = $facts->retryAfterMs;
    }

    abstract public function type(): ErrorType;
}
