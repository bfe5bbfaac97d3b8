<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** Every error of this library, apart from `StoppedException`. */
abstract class OctoStoreException extends \RuntimeException
{
    /** The server's stable code, such as `lock_not_found`. `getCode()` is always 0, because in PHP it can only be a number. */
    public readonly ?string $errorCode;

    /** The HTTP status, if there was a response. */
    public readonly ?int $status;

    /** Identifies the request in the server's log. */
    public readonly ?string $requestId;

    /** How long the server asks you to wait before you try again, in milliseconds. */
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
