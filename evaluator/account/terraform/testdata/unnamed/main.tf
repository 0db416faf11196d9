# Names, accounts and policies that nobody knows before all is applied.
provider "aws" {
  region = "us-east-1"
}

resource "random_id" "suffix" {
  byte_length = 4
}

resource "aws_iam_role" "unnamed" {
  name               = "job-${random_id.suffix.hex}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}

resource "aws_iam_role_policy" "unnamed" {
  role   = aws_iam_role.unnamed.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::reports/*" }] })
}

resource "aws_lambda_function" "unnamed" {
  function_name = "job-${random_id.suffix.hex}"
  role          = aws_iam_role.unnamed.arn
}

data "aws_iam_policy_document" "invoke" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.unnamed.arn]
  }
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::data-${random_id.suffix.hex}/*"]
  }
}

resource "aws_iam_role_policy" "invoke" {
  role   = aws_iam_role.unnamed.id
  policy = data.aws_iam_policy_document.invoke.json
}
